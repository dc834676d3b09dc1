"""The receipt of a response: how many records it held, and what became of each. The ledger adds up from these.

A receipt is opened before the first record is worked on, and each record's place is noted on it within the transaction
that stores, merges or refuses it: after a crash, what has no outcome is known by number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.raw_records import keep, make_ready

_OPEN = """
INSERT INTO receipts
       (run_id, receipt, campaign, source, url, seen, settled, counts, raw_month, raw_hash, children, exhausted,
        closed_at)
VALUES (%(run_id)s, %(receipt)s, %(campaign)s, %(source)s, %(url)s, %(seen)s, %(settled)s, %(counts)s,
        %(raw_month)s, %(raw_hash)s, %(children)s, %(exhausted)s,
        CASE WHEN %(seen)s = cardinality(%(settled)s::int[]) THEN now() END)
ON CONFLICT (run_id, receipt) DO UPDATE SET seen = greatest(receipts.seen, excluded.seen),
   settled = CASE WHEN receipts.settled = '{}' THEN excluded.settled ELSE receipts.settled END,
   counts = CASE WHEN receipts.settled = '{}' THEN excluded.counts ELSE receipts.counts END,
   children = CASE WHEN excluded.exhausted THEN excluded.children ELSE receipts.children END,
   exhausted = receipts.exhausted OR excluded.exhausted,
   closed_at = CASE WHEN cardinality(receipts.settled) >= greatest(receipts.seen, excluded.seen)
                    THEN coalesce(receipts.closed_at, now()) END
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
    children: Sequence[bytes] | None = None,
    left_out: Mapping[str, int] | None = None,
) -> frozenset[int]:
    """Announce `seen` records; `raw` is the response's body, kept as a raw record.

    Of these, the last were refused by the reader before anything was made of them: `left_out` counts them by reason.

    `children` are the fingerprints of the requests that the whole response led to: given with the last of its receipts,
    they say that the response holds nothing more.

    Returns the places of the records that were settled before: none when the response is seen for the first time.
    """
    values: dict[str, Any] = {
        "run_id": run_id,
        "receipt": receipt,
        "campaign": campaign,
        "source": source,
        "url": url,
        "seen": seen,
        "settled": list(range(seen - sum((left_out or {}).values()), seen)),
        "counts": Jsonb({f"refused:{reason}": number for reason, number in (left_out or {}).items()}),
        "raw_month": None if raw is None else await make_ready(database),
        "raw_hash": None,
        "children": sorted(set(children or ())),
        "exhausted": children is not None,
    }
    async with database.connection() as connection:
        if raw is not None:
            values["raw_hash"] = await keep(connection, values["raw_month"], campaign=campaign, source=source, body=raw)
        row = await (await connection.execute(_OPEN, values)).fetchone()
    return frozenset(row[0] if row else ())


async def close_receipt(database: Database, *, run_id: str, receipt: str) -> None:
    """Say that the response gives no more records. Done by itself once every announced record is settled."""
    async with database.connection() as connection:
        await connection.execute(_CLOSE, [run_id, receipt])


async def hold(connection: Connection, names: Iterable[tuple[str, str]]) -> None:
    """Wait for who notes something on these receipts, `(run_id, receipt)`; others wait until the transaction ends."""
    if of_all := sorted(set(names)):
        await connection.execute(_LOCK, [list(column) for column in zip(*of_all, strict=True)])


async def note(connection: Connection, campaign: str, notes: Notes) -> set[tuple[str, str, int]]:
    """Count what became of records, each place once: what was settled before stays as it was counted then.

    Returns the places that were counted now: `(run_id, receipt, index)`.
    """
    if not notes:
        return set()
    names = sorted(notes)
    columns = [list(column) for column in zip(*names, strict=True)]
    await connection.execute(_UNANNOUNCED, [campaign, *columns])
    stored = await (await connection.execute(_LOCK, columns[:2])).fetchall()
    found = {(run_id, receipt): (settled, counts) for run_id, receipt, settled, counts in stored}
    changes = [_change(notes[name], *found[name[:2]]) + list(name[:2]) for name in names]
    async with connection.cursor() as cursor:
        await cursor.executemany(_NOTE, [change for change in changes if change[0]])
    return {(*name[:2], place) for name, change in zip(names, changes, strict=True) for place in change[0]}


def _change(noted: Mapping[int, str], settled: Iterable[int], counts: Mapping[str, int]) -> list[Any]:
    before = set(settled)
    fresh = {place: outcome for place, outcome in noted.items() if place not in before}
    total = Counter(counts) + Counter(fresh.values())
    return [list(fresh), Jsonb(dict(total)), len(fresh)]
