"""Held against the provider's own counter: which lost answers were certainly not charged.

Between two readings the counter grew by what our calls were charged, by what others in the team used, and by whatever
lost calls were charged. If it grew by exactly what our answered calls within that time cost, nothing is left for the
rest: the lost calls of that time were not charged. If it grew by more, nobody can tell; nor when one of these calls is
so young that the counter may not show it yet, or was made with another credential.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from leadspiders.apis.consumed import Consumed
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_totals import add

PAGE = "page"
"""The offer of what a spider buys by the page: no reply tells its charge, so its rows are no proof."""

_NOW = "SELECT now()"
_NOTE = """
INSERT INTO usage_readings (id, provider, account, cycle, consumed, asked_at) VALUES (%s, %s, %s, %s, %s, %s)
"""
# Calls that lie wholly between the readings are what the counter grew by at least. A counter that did not move at all
# may count something else, or count late: it proves nothing.
_NOT_CHARGED = """
SELECT s.id, s.fact, s.campaign, s.run_id, s.day, s.credits, s.usd
  FROM spend s
 CROSS JOIN LATERAL (
   SELECT consumed, read_at FROM usage_readings
    WHERE provider = s.provider AND account = %(account)s AND cycle = %(cycle)s AND read_at <= s.reserved_at
    ORDER BY read_at DESC LIMIT 1) AS before
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(o.credits), 0) AS credits, coalesce(bool_or(o.offer = %(page)s), false) AS guessed,
          max(o.settled_at) AS last
     FROM spend o WHERE o.provider = s.provider AND o.state = 'settled'
      AND o.reserved_at >= before.read_at AND o.settled_at <= %(asked_at)s) AS ours
 WHERE s.provider = %(provider)s AND s.state = 'unknown' AND s.replaced_at IS NULL AND s.fact = ANY(%(facts)s)
   AND greatest(s.sent_at, s.reserved_at, ours.last) < %(asked_at)s - make_interval(secs => %(quiet)s)
   AND NOT EXISTS (
     SELECT FROM spend o WHERE o.provider = s.provider AND o.sent_at BETWEEN before.read_at AND %(asked_at)s
        AND o.account IS DISTINCT FROM %(account)s)
   AND ours.credits > 0 AND NOT ours.guessed AND %(consumed)s - before.consumed = ours.credits
 ORDER BY s.campaign, s.id FOR UPDATE OF s
"""
_VOID = "UPDATE spend SET state = 'void', settled_at = now() WHERE id = %s"


async def moment(database: Database) -> datetime:
    """The time by the database's clock, to be noted before the provider is asked."""
    async with database.connection() as connection:
        row = await (await connection.execute(_NOW)).fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]


async def note(database: Database, provider: str, account: str, reading: Consumed, *, asked_at: datetime) -> None:
    """Keep a reading; `account` names the credential that it is about."""
    consumed = Decimal(str(reading.credits))
    async with database.connection() as connection:
        await connection.execute(_NOTE, [new_id(), provider, account, reading.cycle, consumed, asked_at])


async def forgive(
    database: Database,
    provider: str,
    account: str,
    reading: Consumed,
    facts: Sequence[str],
    *,
    asked_at: datetime,
    quiet_seconds: float,
) -> set[str]:
    """Give back the money of those of the facts that were certainly not charged; returns them: they may be bought.

    A call younger than `quiet_seconds` is left alone: the provider may still be working on it, or count it late.
    """
    values = {
        "provider": provider,
        "account": account,
        "cycle": reading.cycle,
        "consumed": Decimal(str(reading.credits)),
        "facts": list(facts),
        "asked_at": asked_at,
        "quiet": quiet_seconds,
        "page": PAGE,
    }
    async with database.connection() as connection:
        rows = await (await connection.execute(_NOT_CHARGED, values)).fetchall()
        for id_, _, campaign, run_id, day, credits_, usd in rows:
            await connection.execute(_VOID, [id_])
            await add(
                connection, campaign=campaign, run_id=run_id, provider=provider, day=day, credits_=-credits_, usd=-usd
            )
    return {row[1] for row in rows}
