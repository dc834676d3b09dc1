"""Reads the running counts, holds them against the rows they count, and counts afresh.

They are kept by triggers (see `schema.tallies`), so that no statement can forget them. A figure's `value` is what leads
are counted by: a state, a score, a title; blank where there is one number only. Only `state` counts leads that are
rejected or suppressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from psycopg.rows import class_row

from leadspiders.stores.postgres.pool import Connection, Database

_READ = """
SELECT lead, figure, value, number, credits, usd FROM tallied
 WHERE campaign = %s AND lead = ANY(%s) AND figure = ANY(%s) AND (number <> 0 OR credits <> 0 OR usd <> 0)
"""
_DIFFERENCES = """
SELECT lead, figure, value, coalesce(t.number, 0) AS tallied, coalesce(c.number, 0) AS counted
  FROM (SELECT * FROM tallied WHERE campaign = ANY(%(campaigns)s)) AS t
  FULL JOIN (SELECT * FROM counted WHERE campaign = ANY(%(campaigns)s)) AS c USING (campaign, lead, figure, value)
 WHERE (coalesce(t.number, 0), coalesce(t.credits, 0), coalesce(t.usd, 0))
    <> (coalesce(c.number, 0), coalesce(c.credits, 0), coalesce(c.usd, 0))
UNION ALL
SELECT '', 'campaign_companies', coalesce(k.company_id, c.company_id)::text, k.people, c.people
  FROM (SELECT * FROM campaign_companies WHERE campaign = ANY(%(campaigns)s) AND people + itself + others <> 0) AS k
  FULL JOIN (SELECT * FROM counted_companies WHERE campaign = ANY(%(campaigns)s)) AS c USING (company_id, campaign)
 WHERE (k.people, k.itself, k.others, k.complete) IS DISTINCT FROM (c.people, c.itself, c.others, c.complete)
 ORDER BY 1, 2, 3 LIMIT %(most)s
"""
# All rows are gone through, which is no query that is stuck; and sorted in memory.
_WHOLE = "SET LOCAL statement_timeout = '1h'; SET LOCAL work_mem = '64MB'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One count. `lead` is contact or company, blank for what is no lead; money only where figures are of money."""

    lead: str
    figure: str
    value: str
    number: int
    credits: Decimal
    usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A count that is not that of its rows; None where a company is missing on one side."""

    lead: str
    figure: str
    value: str
    tallied: int | None
    counted: int | None


async def tallies(
    connection: Connection, campaign: str, figures: Sequence[str], *, leads: Sequence[str] = ("",)
) -> list[Tally]:
    """The counts of these figures; `cells` belong to the campaign "", since a market is the same for all."""
    async with connection.cursor(row_factory=class_row(Tally)) as cursor:
        await cursor.execute(_READ, [campaign, list(leads), list(figures)])
        return await cursor.fetchall()


async def drifted_tallies(connection: Connection, campaign: str, *, most: int = 50) -> list[Drift]:
    """Counts that are not those of the rows, by going through all rows: none, unless triggers were switched off."""
    await connection.execute(_WHOLE)
    async with connection.cursor(row_factory=class_row(Drift)) as cursor:
        await cursor.execute(_DIFFERENCES, {"campaigns": [campaign, ""], "most": most})
        return await cursor.fetchall()


async def recount(database: Database) -> None:
    """Count everything afresh, of all campaigns; writers wait meanwhile."""
    async with database.connection() as connection:
        await connection.execute(_WHOLE)
        await connection.execute("SELECT recount_tallies()")


async def fold(database: Database) -> None:
    """Fold the changes so far into the sums: changes nothing that anybody reads."""
    async with database.connection() as connection:
        await connection.execute("SELECT fold_tallies()")
