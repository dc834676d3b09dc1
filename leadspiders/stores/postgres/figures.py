"""Figures for charts and reports: how leads came in over time, how good they are, what they cost, what went wrong."""

from datetime import datetime
from typing import Any, Literal, LiteralString

from psycopg import sql
from psycopg.rows import dict_row

from leadspiders.stores.postgres.pool import Database

_PER_MINUTE = """
SELECT date_trunc('minute', created_at) AS minute, count(*) FROM prospects
 WHERE campaign = %(campaign)s AND (contact_id IS NULL) = %(companies)s AND lead_state <> 'rejected'
 GROUP BY minute ORDER BY minute
"""
_STATES = """
SELECT lead_state, count(*) FROM prospects
 WHERE campaign = %(campaign)s AND (contact_id IS NULL) = %(companies)s GROUP BY lead_state
"""
# Ten buckets by their lower bound; 100 counts as 90.
_QUALITY = """
SELECT least(quality / 10 * 10, 90) AS bucket, count(*) FROM prospects
 WHERE campaign = %(campaign)s AND (contact_id IS NULL) = %(companies)s AND quality IS NOT NULL
   AND lead_state <> 'rejected'
 GROUP BY bucket ORDER BY bucket
"""
_FIT = """
SELECT least(fit / 10 * 10, 90) AS bucket, count(*) FROM prospects
 WHERE campaign = %(campaign)s AND (contact_id IS NULL) = %(companies)s AND fit IS NOT NULL
   AND lead_state <> 'rejected'
 GROUP BY bucket ORDER BY bucket
"""
_REASONS = """
SELECT outcome, sum(number::int)::int AS number FROM receipts, jsonb_each_text(counts) AS c (outcome, number)
 WHERE campaign = %(campaign)s AND position(':' IN outcome) > 0
 GROUP BY outcome ORDER BY number DESC, outcome LIMIT %(limit)s
"""
_SPEND = """
SELECT provider, day, count(DISTINCT reservation) AS calls,
       count(*) AS facts, sum(credits)::float AS credits, sum(usd)::float AS usd,
       count(*) FILTER (WHERE state = 'unknown') AS unknown, count(*) FILTER (WHERE state = 'reserved') AS reserved
  FROM spend WHERE campaign = %(campaign)s AND state <> 'void' GROUP BY provider, day ORDER BY day, provider
"""
_SPAN = "SELECT min(started_at), max(coalesce(completed_at, now())) FROM runs WHERE campaign = %(campaign)s"
_TOP = sql.SQL("""
SELECT {column}, count(*) FROM leads
 WHERE campaign = %(campaign)s AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(limit)s
""")

Trait = Literal["company_name", "job_title", "location_metro", "location_state", "email_status", "company_industry"]


async def leads_per_minute(database: Database, campaign: str, *, lead: str = "contact") -> list[tuple[datetime, int]]:
    """Leads that were stored in each minute, minutes without any left out."""
    return await _pairs(database, _PER_MINUTE, _scope(campaign, lead))


async def leads_by_state(database: Database, campaign: str, *, lead: str = "contact") -> dict[str, int]:
    """Lead state -> leads."""
    return dict(await _pairs(database, _STATES, _scope(campaign, lead)))


async def quality_histogram(database: Database, campaign: str, *, lead: str = "contact") -> dict[int, int]:
    """Lower bound of a bucket of ten -> leads; 100 counts as 90."""
    return dict(await _pairs(database, _QUALITY, _scope(campaign, lead)))


async def fit_histogram(database: Database, campaign: str, *, lead: str = "contact") -> dict[int, int]:
    """Lower bound of a bucket of ten -> leads; 100 counts as 90."""
    return dict(await _pairs(database, _FIT, _scope(campaign, lead)))


async def top_reasons(database: Database, campaign: str, *, limit: int = 20) -> list[tuple[str, int]]:
    """`refused:<reason>` and `parked:<reason>` with their records, the most frequent first."""
    return await _pairs(database, _REASONS, {"campaign": campaign, "limit": limit})


async def top(database: Database, campaign: str, trait: Trait, *, limit: int = 10) -> list[tuple[str, int]]:
    """The most frequent values of a column of the view `leads`, with their leads."""
    query = _TOP.format(column=sql.Identifier(trait))
    return await _pairs(database, query, {"campaign": campaign, "limit": limit})


async def spend_by_day(database: Database, campaign: str) -> list[dict[str, Any]]:
    """provider, day (UTC), calls, facts, credits, usd; of the facts: unknown (charge not known) and still reserved."""
    async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SPEND, {"campaign": campaign})
        return await cursor.fetchall()


async def span(database: Database, campaign: str) -> tuple[datetime, datetime] | None:
    """When the campaign's first run began and its last one ended (now, while it runs); None before the first."""
    (found,) = await _pairs(database, _SPAN, {"campaign": campaign})
    return found if found[0] else None


def _scope(campaign: str, lead: str) -> dict[str, Any]:
    return {"campaign": campaign, "companies": lead == "company"}


async def _pairs(
    database: Database, query: LiteralString | sql.Composed, values: dict[str, Any]
) -> list[tuple[Any, Any]]:
    async with database.connection() as connection:
        rows = await (await connection.execute(query, values)).fetchall()
    return [(first, second) for first, second in rows]
