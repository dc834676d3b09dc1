"""The end of a reservation that nobody settles: given back as long as nothing was sent, else unknown.

`sent` is committed just before the first paid call leaves. So a worker that dies while it waits for its turn leaves
nothing in doubt, and one that was given up meanwhile learns of it before it asks.

A worker whose heart has stopped is given up sooner than one of which nothing is known, but only where it does no harm
if it comes back: before the call has left, or when the answers can be collected by their ticket.
"""

from typing import Any

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.spend_limits import Reservation
from leadspiders.stores.postgres.spend_totals import add

UNKNOWN_AFTER_SECONDS = 900  # the slowest bulk call of any provider answers within ten minutes
SILENT_SECONDS = 30.0
"""So long a worker has not said that it lives before it counts as gone: it says so every two seconds."""

_SENT = """
UPDATE spend SET sent_at = coalesce(sent_at, now()), account = coalesce(account, %s)
 WHERE reservation = %s AND state = 'reserved'
"""
_OF_RESERVATION = """
WITH open AS (
  SELECT id FROM spend WHERE state = 'reserved' AND reservation = %(reservation)s ORDER BY id FOR UPDATE SKIP LOCKED)
"""
_OF_CAMPAIGN = """
WITH open AS (
  SELECT s.id FROM spend s WHERE s.state = 'reserved' AND s.campaign = %(campaign)s
"""
_OF_FACTS = """
WITH open AS (
  SELECT s.id FROM spend s
   WHERE s.state = 'reserved' AND s.provider = %(provider)s AND s.fact = ANY(%(facts)s) AND s.replaced_at IS NULL
"""
_ABANDONED = """
     AND (coalesce(s.sent_at, s.reserved_at) < now() - make_interval(secs => %(seconds)s)
          OR (s.sent_at IS NULL OR s.ticket IS NOT NULL) AND (
               SELECT max(l.heartbeat_at) FROM scraping_logs l
                WHERE l.campaign = s.campaign AND l.run_id = s.run_id AND l.worker = s.worker
             ) < now() - make_interval(secs => %(silent)s))
   ORDER BY s.id FOR UPDATE OF s SKIP LOCKED)
"""
_GIVE_UP = """
, ended AS (
  UPDATE spend s SET state = CASE WHEN s.sent_at IS NULL THEN 'void' ELSE 'unknown' END, settled_at = now()
    FROM open WHERE s.id = open.id
  RETURNING s.campaign, s.run_id, s.provider, s.day, s.state, s.credits, s.usd)
SELECT campaign, run_id, provider, day, count(*),
       coalesce(sum(credits) FILTER (WHERE state = 'void'), 0), coalesce(sum(usd) FILTER (WHERE state = 'void'), 0)
  FROM ended GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


async def sent(database: Database, reservation: Reservation, account: str | None) -> bool:
    """Note that a paid call of the reservation leaves now, with the credential `account`; the first time counts.

    False: somebody has given the reservation up, and the call must not be made.
    """
    async with database.connection() as connection:
        noted = await connection.execute(_SENT, [account, reservation.id])
        return noted.rowcount == len(reservation.facts)


async def give_up(database: Database, reservation: Reservation) -> None:
    """The call ended without an answer. What was sent counts as spent, and is bought again only on request."""
    async with database.connection() as connection:
        await _give_up(connection, _OF_RESERVATION + _GIVE_UP, {"reservation": reservation.id})


async def expire(database: Database, campaign: str, *, older_than_seconds: float = UNKNOWN_AFTER_SECONDS) -> int:
    """Give up reservations of a campaign whose process is gone; returns for how many facts."""
    async with database.connection() as connection:
        values = {"campaign": campaign, "seconds": older_than_seconds, "silent": SILENT_SECONDS}
        return await _give_up(connection, _OF_CAMPAIGN + _ABANDONED + _GIVE_UP, values)


async def expire_facts(
    database: Database, provider: str, facts: list[str], *, older_than_seconds: float = UNKNOWN_AFTER_SECONDS
) -> int:
    """The same for some facts, whichever campaign has reserved them."""
    async with database.connection() as connection:
        values = {"provider": provider, "facts": facts, "seconds": older_than_seconds, "silent": SILENT_SECONDS}
        return await _give_up(connection, _OF_FACTS + _ABANDONED + _GIVE_UP, values)


async def _give_up(connection: Connection, query: str, values: dict[str, Any]) -> int:
    """Campaigns come in their order, so that two who do this do not wait for each other."""
    rows = await (await connection.execute(query, values)).fetchall()
    for campaign, run_id, provider, day, _, credits_, usd in rows:
        if credits_ or usd:
            await add(
                connection, campaign=campaign, run_id=run_id, provider=provider, day=day, credits_=-credits_, usd=-usd
            )
    return sum(row[4] for row in rows)
