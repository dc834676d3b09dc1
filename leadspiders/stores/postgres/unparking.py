"""Moves a record that was parked to what became of it later, within the transaction that stores it.

It has its place on its receipt already, under `parked`: the row that kept it goes, and the receipt counts the new
outcome in place of the old one. So the ledger adds up before and after, and a crash in between changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection

from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.receipts import Notes

# Parked once more for the same reason, it stays as it is.
_LEAVE = """
DELETE FROM parked_records p
 USING unnest(%s::text[], %s::text[], %s::int[], %s::text[]) AS now (run_id, receipt, record_index, outcome)
 WHERE p.run_id = now.run_id AND p.receipt = now.receipt AND p.record_index = now.record_index
   AND 'parked:' || p.reason <> now.outcome
RETURNING p.run_id, p.receipt, p.record_index, 'parked:' || p.reason, now.outcome
"""
_COUNTS = "SELECT counts FROM receipts WHERE run_id = %s AND receipt = %s FOR UPDATE"
_RECOUNT = "UPDATE receipts SET counts = %s WHERE run_id = %s AND receipt = %s"

Place = tuple[str, str, int]


async def unpark(connection: Connection, notes: Notes, counted: Collection[Place]) -> set[Place]:
    """Move those of the noted records that were parked before; `counted` are places that had no outcome until now.

    Returns the places that moved. The receipts are locked already, by whoever counted.
    """
    again = [
        (run_id, receipt, index, outcome)
        for (run_id, receipt, _), noted in sorted(notes.items())
        for index, outcome in sorted(noted.items())
        if (run_id, receipt, index) not in counted
    ]
    if not again:
        return set()
    rows = await (await connection.execute(_LEAVE, [list(column) for column in zip(*again, strict=True)])).fetchall()
    changes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for run_id, receipt, _, before, now in rows:
        changes[run_id, receipt][before] -= 1
        changes[run_id, receipt][now] += 1
    for name, change in changes.items():
        found = await (await connection.execute(_COUNTS, name)).fetchone()
        counts = Counter(found[0] if found else {})
        counts.update(change)
        await connection.execute(_RECOUNT, [Jsonb(+counts), *name])
    return {(run_id, receipt, index) for run_id, receipt, index, _, _ in rows}
