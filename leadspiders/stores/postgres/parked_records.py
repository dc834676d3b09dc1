"""Reads what is parked: to be looked at, and to be made records of again."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.items.origin import Origin
from leadspiders.stores.postgres.parked import read_payload
from leadspiders.stores.postgres.pool import Database

Record = Contact | Company | MarketCell

AT_ONCE = 500
_NEXT = """
SELECT id, created_at, stage, reason, source, run_id, receipt, record_index, payload FROM parked_records
 WHERE campaign = %(campaign)s AND (%(reason)s::text IS NULL OR reason = %(reason)s)
   AND (%(after)s::uuid IS NULL OR id > %(after)s)
 ORDER BY id LIMIT %(most)s
"""
# A field that only one kind of record has.
_KINDS: dict[str, type[Record]] = {"company": Contact, "uei": Company, "area_fips": MarketCell}


async def parked_records(
    database: Database, campaign: str, *, reason: str | None = None, limit: int | None = None
) -> AsyncIterator[dict[str, Any]]:
    """The parked records of a campaign with their payload in clear (None where it was dropped), the oldest first."""
    after, left = None, limit
    while left is None or left > 0:
        most = AT_ONCE if left is None else min(left, AT_ONCE)
        async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            values = {"campaign": campaign, "reason": reason, "after": after, "most": most}
            await cursor.execute(_NEXT, values, binary=True)
            rows = await cursor.fetchall()
        for row in rows:
            yield row | {"payload": read_payload(connection.vault, row["id"], row["payload"])}
        if len(rows) < most:
            return
        after, left = rows[-1]["id"], None if left is None else left - len(rows)


def record_of(parked: dict[str, Any]) -> Record | None:
    """The record as it came, with its old place on its old receipt; None where the payload is no record of ours.

    What the stages had found out about it is asked anew: its row in the database, and its scores.
    """
    payload, index = parked["payload"], parked["record_index"]
    if not isinstance(payload, dict) or index is None:
        return None
    kind = next((kind for field, kind in _KINDS.items() if field in payload), None)
    if kind is None:
        return None
    try:
        record = msgspec.convert(payload, kind)
    except msgspec.ValidationError:
        return None
    record.origin = Origin(
        source=parked["source"],
        url=record.origin.url if record.origin else "",
        fetched_at=record.origin.fetched_at if record.origin else parked["created_at"],
        run_id=parked["run_id"],
        receipt=parked["receipt"],
        index=index,
    )
    if isinstance(record, Contact):
        record.company.id, record.company.known = None, False
    if isinstance(record, Contact | Company):
        record.id, record.known, record.scores = None, False, None
    return record
