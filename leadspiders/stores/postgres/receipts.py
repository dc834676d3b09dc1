"""The receipt of a response: how many records it held, and what became of each. The ledger adds up from these.

A receipt is opened before the first record is worked on, and each record's place is noted on it within the transaction
that stores, merges or refuses it: after a crash, what has no outcome is known by number.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.pool import Connection, Database

_OPEN = """
INSERT INTO receipts (run_id, receipt, campaign, source, url, seen, raw)
VALUES (%(run_id)s, %(receipt)s, %(campaign)s, %(source)s, %(url)s, %(seen)s, %(raw)s)
ON CONFLICT (run_id, receipt) DO UPDATE SET seen = greatest(receipts.seen, excluded.seen), closed_at = NULL
RETURNING settled
"""
_CLOSE = "UPDATE receipts SET closed_at = now() WHERE run_id = %s AND receipt = %s AND closed_at IS NULL"
# A record that no receipt announced still counts: it makes the ledger wrong by one, which is how it shows.
_UNANNOUNCED = """
INSERT INTO receipts (run_id, receipt, campaign, source, seen)
SELECT run_id, receipt, %s, source, 0 FROM unnest(%s::text[], %s::text[], %s::text[]) AS t (run_id, receipt, source)
ON CONFLICT (run_id, receipt) DO NOTHING
"""
_LOCK = """
SELECT run_id, receipt, settled, counts FROM receipts
 WHERE (run_id, receipt) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
 ORDER BY run_id, receipt FOR UPDATE
"""
_NOTE = """
UPDATE receipts SET settled = settled || %s::int[], counts = %s,
       closed_at = CASE WHEN cardinality(settled) + %s >= seen THEN coalesce(closed_at, now()) ELSE closed_at END
 WHERE run_id = %s AND receipt = %s
"""
_RAW = "SELECT raw FROM receipts WHERE run_id = %s AND receipt = %s"

Notes = Mapping[tuple[str, str, str], Mapping[int, str]]
"""`(run_id, receipt, source)` -> the record's place -> what became of it (`stored`, `refused:out-of-range`)."""


async def open_receipt(
    database: Database,
    *,
    run_id: str,
    receipt: str,
    campaign: str,
    source: str,
    url: str,
    seen: int,
    raw: bytes | None = None,
) -> frozenset[int]:
    """Announce `seen` records; `raw` is the response's body, kept compressed.

    Returns the places of the records that were settled before: none when the response is seen for the first time.
    """
    values = {
        "run_id": run_id,
        "receipt": receipt,
        "campaign": campaign,
        "source": source,
        "url": url,
        "seen": seen,
        "raw": None if raw is None else zlib.compress(raw, 6),
    }
    async with database.connection() as connection:
        row = await (await connection.execute(_OPEN, values)).fetchone()
    return frozenset(row[0] if row else ())


async def close_receipt(database: Database, *, run_id: str, receipt: str) -> None:
    """Say that the response gives no more records. Done by itself once every announced record is settled."""
    async with database.connection() as connection:
        await connection.execute(_CLOSE, [run_id, receipt])


async def raw_record(database: Database, *, run_id: str, receipt: str) -> bytes | None:
    """The body that a receipt kept; None when there was none or retention dropped it."""
    async with database.connection() as connection:
        row = await (await connection.execute(_RAW, [run_id, receipt])).fetchone()
    return zlib.decompress(row[0]) if row and row[0] is not None else None


async def note(connection: Connection, campaign: str, notes: Notes) -> None:
    """Count what became of records, each place once: what was settled before stays as it was counted then."""
    if not notes:
        return
    names = sorted(notes)
    columns = [list(column) for column in zip(*names, strict=True)]
    await connection.execute(_UNANNOUNCED, [campaign, *columns])
    stored = await (await connection.execute(_LOCK, columns[:2])).fetchall()
    found = {(run_id, receipt): (settled, counts) for run_id, receipt, settled, counts in stored}
    changes = [_change(notes[name], *found[name[:2]]) + list(name[:2]) for name in names]
    async with connection.cursor() as cursor:
        await cursor.executemany(_NOTE, [change for change in changes if change[0]])


def _change(noted: Mapping[int, str], settled: Iterable[int], counts: Mapping[str, int]) -> list[Any]:
    before = set(settled)
    fresh = {place: outcome for place, outcome in noted.items() if place not in before}
    total = Counter(counts) + Counter(fresh.values())
    return [list(fresh), Jsonb(dict(total)), len(fresh)]
