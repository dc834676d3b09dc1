"""Puts leads into the outbox, within the transaction that stores them: what is stored is delivered, and nothing else.

A lead that is there already waits again only when its data really changed.
"""

from collections.abc import Sequence
from uuid import UUID

from leadspiders.stores.postgres.pool import Connection

_ADD = """
INSERT INTO outbox (campaign, destination, lead_id)
SELECT %s, destination, lead_id FROM unnest(%s::text[], %s::uuid[]) AS t (destination, lead_id)
 ORDER BY lead_id, destination
ON CONFLICT (lead_id, campaign, destination) DO
"""
_ONCE = _ADD + "NOTHING"
# What is being sent at this moment keeps its lease; the raised version makes it wait again afterwards.
_CHANGED = (
    _ADD
    + """UPDATE SET
  state = CASE outbox.state WHEN 'leased' THEN 'leased' ELSE 'pending' END,
  version = outbox.version + 1, attempts = CASE outbox.state WHEN 'leased' THEN outbox.attempts ELSE 0 END,
  retry_at = NULL, updated_at = now()
"""
)

# A lead that was made in this transaction waits nowhere yet.
_COPY = "COPY outbox (campaign, destination, lead_id) FROM STDIN"

Wanted = tuple[str, UUID]
"""`(destination, lead_id)`"""


async def put_into_outbox(
    connection: Connection,
    campaign: str,
    *,
    new: Sequence[Wanted],
    unchanged: Sequence[Wanted],
    changed: Sequence[Wanted],
) -> None:
    """Leads that were made just now, leads whose data changed, and leads that are only to be there once."""
    added = dict.fromkeys(new)
    if added:
        async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for destination, lead in added:
                await copy.write_row((campaign, destination, lead))
    for statement, wanted in ((_ONCE, unchanged), (_CHANGED, changed)):
        if pairs := sorted(set(wanted).difference(added)):
            destinations, leads = zip(*pairs, strict=True)
            await connection.execute(statement, [campaign, list(destinations), list(leads)])
