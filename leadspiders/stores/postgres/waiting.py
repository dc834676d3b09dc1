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
_NEW = _ADD + "NOTHING"
# What is being sent at this moment keeps its lease; the raised version makes it wait again afterwards.
_CHANGED = (
    _ADD
    + """UPDATE SET
  state = CASE outbox.state WHEN 'leased' THEN 'leased' ELSE 'pending' END,
  version = outbox.version + 1, attempts = CASE outbox.state WHEN 'leased' THEN outbox.attempts ELSE 0 END,
  retry_at = NULL, updated_at = now()
"""
)

Wanted = tuple[str, UUID]
"""`(destination, lead_id)`"""


async def put_into_outbox(
    connection: Connection, campaign: str, *, unchanged: Sequence[Wanted], changed: Sequence[Wanted]
) -> None:
    """Leads whose data changed (or is new), and leads that are only to be there once."""
    for statement, wanted in ((_NEW, unchanged), (_CHANGED, changed)):
        if pairs := sorted(set(wanted)):
            destinations, leads = zip(*pairs, strict=True)
            await connection.execute(statement, [campaign, list(destinations), list(leads)])
