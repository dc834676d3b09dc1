"""Running totals of what counts as spent: four rows for each purchase, changed in the transaction of its own rows.

The row of the campaign comes first, so that all who spend for it take turns there; whoever takes and finds a cap passed
rolls back. Nothing is summed up, so a purchase takes as long after a million others as it took first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.spend_limits import Reservation

# The values of one statement are locked one after the other, in this order; an UPDATE would not promise any.
_ADD = """
INSERT INTO spend_totals (campaign, scope, name, credits, usd) VALUES
 (%(campaign)s, 'campaign', '', %(credits)s, %(usd)s), (%(campaign)s, 'run', %(run)s, %(credits)s, %(usd)s),
 (%(campaign)s, 'day', %(day)s, %(credits)s, %(usd)s), (%(campaign)s, 'provider', %(provider)s, %(credits)s, %(usd)s)
ON CONFLICT (campaign, scope, name) DO UPDATE
   SET credits = spend_totals.credits + excluded.credits, usd = spend_totals.usd + excluded.usd
RETURNING scope, credits, usd
"""
_DIFFERENCES = """
WITH t AS (SELECT * FROM spend_totals WHERE campaign = %(campaign)s),
rows AS (
  SELECT figure, value, split_part(value, ' ', 1) AS provider, split_part(value, ' ', 2) AS day, credits, usd
    FROM tallied WHERE campaign = %(campaign)s AND lead = '' AND starts_with(figure, 'spent ')),
s AS (
  SELECT 'campaign' AS scope, '' AS name, sum(credits) AS credits, sum(usd) AS usd
    FROM rows WHERE figure = 'spent run' HAVING count(*) > 0
  UNION ALL SELECT 'run', value, credits, usd FROM rows WHERE figure = 'spent run'
  UNION ALL SELECT 'day', day, sum(credits), sum(usd) FROM rows WHERE figure <> 'spent run' GROUP BY day
  UNION ALL SELECT 'provider', provider, sum(credits), sum(usd) FROM rows WHERE figure <> 'spent run' GROUP BY provider)
SELECT coalesce(t.scope, s.scope), coalesce(t.name, s.name), coalesce(t.credits, 0), coalesce(s.credits, 0),
       coalesce(t.usd, 0), coalesce(s.usd, 0)
  FROM t FULL JOIN s ON s.scope = t.scope AND s.name = t.name
 WHERE coalesce(t.credits, 0) <> coalesce(s.credits, 0) OR coalesce(t.usd, 0) <> coalesce(s.usd, 0)
 ORDER BY 1, 2
"""
_ALL = "SELECT scope, name, credits, usd FROM spend_totals WHERE campaign = %s ORDER BY scope, name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What one scope counts as spent. `name` is the run, the day or the provider, and blank for the campaign."""

    scope: str
    name: str
    credits: Decimal
    usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A total that is not the sum of its rows."""

    scope: str
    name: str
    credits_counted: Decimal
    credits_in_rows: Decimal
    usd_counted: Decimal
    usd_in_rows: Decimal


async def add(
    connection: Connection,
    *,
    campaign: str,
    run_id: str,
    provider: str,
    day: date,
    credits_: Decimal,
    usd: Decimal,
) -> dict[str, tuple[Decimal, Decimal]]:
    """Add to the four totals of a purchase, less than nothing to give back; scope -> credits and dollars after it."""
    values: dict[str, Any] = {"campaign": campaign, "run": run_id, "provider": provider, "day": day.isoformat()}
    found = await connection.execute(_ADD, values | {"credits": credits_, "usd": usd})
    return {scope: (its_credits, its_usd) for scope, its_credits, its_usd in await found.fetchall()}


async def add_for(
    connection: Connection,
    reservation: Reservation,
    credits_: Decimal,
    usd: Decimal,
) -> dict[str, tuple[Decimal, Decimal]]:
    """The same for a reservation."""
    return await add(
        connection,
        campaign=reservation.campaign,
        run_id=reservation.run_id,
        provider=reservation.sale.provider,
        day=reservation.day,
        credits_=credits_,
        usd=usd,
    )


async def totals(database: Database, campaign: str) -> Sequence[Total]:
    """All totals of a campaign."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_ALL, [campaign])).fetchall()
    return [Total(scope=scope, name=name, credits=credits_, usd=usd) for scope, name, credits_, usd in rows]


async def drifted(database: Database, campaign: str) -> Sequence[Drift]:
    """The totals that are not the sums of their rows: none, unless somebody changed a table by hand."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_DIFFERENCES, {"campaign": campaign})).fetchall()
    return [
        Drift(
            scope=scope,
            name=name,
            credits_counted=row[0],
            credits_in_rows=row[1],
            usd_counted=row[2],
            usd_in_rows=row[3],
        )
        for scope, name, *row in rows
    ]
