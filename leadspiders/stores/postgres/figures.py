"""Figures for charts and reports: how leads came in over time, how good they are, what they cost, what went wrong."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.tallies import Tally, tallies

_NOTHING = {"calls": 0, "facts": 0, "credits": 0, "usd": 0, "unknown": 0, "reserved": 0}

_PER_MINUTE = """
SELECT to_timestamp(value::bigint / 6 * 60) AS minute, sum(number)::bigint FROM tallied
 WHERE campaign = %(campaign)s AND lead = %(lead)s AND figure = 'slot' AND number > 0 GROUP BY minute ORDER BY minute
"""
_REASONS = """
SELECT outcome, sum(number::int)::int AS number FROM receipts, jsonb_each_text(counts) AS c (outcome, number)
 WHERE campaign = %(campaign)s AND position(':' IN outcome) > 0
 GROUP BY outcome ORDER BY number DESC, outcome LIMIT %(limit)s
"""
_SPAN = "SELECT min(started_at), max(coalesce(completed_at, now())) FROM runs WHERE campaign = %(campaign)s"
# By the count of each company first, which an index has: of many with as many leads, some are named.
_COMPANIES = """
SELECT f.name, k.people FROM (
  SELECT company_id, people FROM campaign_companies WHERE campaign = %(campaign)s AND people > 1
   ORDER BY people DESC LIMIT %(limit)s) AS k
  JOIN companies f ON f.id = k.company_id
 WHERE f.name IS NOT NULL ORDER BY k.people DESC, f.name
"""
_OTHERS = """
SELECT f.name, k.people FROM campaign_companies k JOIN companies f ON f.id = k.company_id
 WHERE k.campaign = %(campaign)s AND k.people = 1 AND f.name IS NOT NULL LIMIT %(limit)s
"""

Trait = Literal["job_title", "location_metro", "location_state", "email_status"]


async def leads_per_minute(database: Database, campaign: str, *, lead: str = "contact") -> list[tuple[datetime, int]]:
    """Leads that were stored in each minute, minutes without any left out."""
    return await _pairs(database, _PER_MINUTE, {"campaign": campaign, "lead": lead})


async def leads_by_state(database: Database, campaign: str, *, lead: str = "contact") -> dict[str, int]:
    """Lead state -> leads; the only figure of those that are rejected or suppressed."""
    return {one.value: one.number for one in await _tallies(database, campaign, "state", lead)}


async def quality_histogram(database: Database, campaign: str, *, lead: str = "contact") -> dict[int, int]:
    """Lower bound of a bucket of ten -> leads; 100 counts as 90."""
    return _buckets(await _tallies(database, campaign, "quality", lead))


async def fit_histogram(database: Database, campaign: str, *, lead: str = "contact") -> dict[int, int]:
    """Lower bound of a bucket of ten -> leads; 100 counts as 90."""
    return _buckets(await _tallies(database, campaign, "fit", lead))


async def top_reasons(database: Database, campaign: str, *, limit: int = 20) -> list[tuple[str, int]]:
    """`refused:<reason>` and `parked:<reason>` with their records, the most frequent first."""
    return await _pairs(database, _REASONS, {"campaign": campaign, "limit": limit})


async def top(database: Database, campaign: str, trait: Trait, *, limit: int = 10) -> list[tuple[str, int]]:
    """The most frequent values of a column of the view `leads`, with their leads."""
    counted = await _tallies(database, campaign, trait, "contact")
    return sorted(((one.value, one.number) for one in counted), key=lambda pair: (-pair[1], pair[0]))[:limit]


async def top_companies(database: Database, campaign: str, *, limit: int = 10) -> list[tuple[str, int]]:
    """Names of the companies where most leads work, with their leads."""
    values = {"campaign": campaign, "limit": limit}
    found = await _pairs(database, _COMPANIES, values)
    if len(found) < limit:
        found += await _pairs(database, _OTHERS, values | {"limit": limit - len(found)})
    return found


async def spend_by_day(database: Database, campaign: str) -> list[dict[str, Any]]:
    """provider, day (UTC), calls, facts, credits, usd; of the facts: unknown (charge not known) and still reserved."""
    states = ("settled", "unknown", "reserved")
    async with database.connection() as connection:
        counted = await tallies(connection, campaign, ["calls", *(f"spent {state}" for state in states)])
    days: dict[str, dict[str, Any]] = {}
    for one in counted:
        provider, _, day = one.value.rpartition(" ")
        row = days.setdefault(one.value, {"provider": provider, "day": date.fromisoformat(day)} | _NOTHING)
        if one.figure == "calls":
            row["calls"] += one.number
            continue
        row["facts"] += one.number
        row["credits"] += one.credits
        row["usd"] += one.usd
        state = one.figure.partition(" ")[2]
        if state in row:
            row[state] += one.number
    for row in days.values():
        row["credits"], row["usd"] = float(row["credits"]), float(row["usd"])
    return sorted(days.values(), key=lambda row: (row["day"], row["provider"]))


async def span(database: Database, campaign: str) -> tuple[datetime, datetime] | None:
    """When the campaign's first run began and its last one ended (now, while it runs); None before the first."""
    (found,) = await _pairs(database, _SPAN, {"campaign": campaign})
    return found if found[0] else None


async def _tallies(database: Database, campaign: str, figure: str, lead: str) -> list[Tally]:
    async with database.connection() as connection:
        return await tallies(connection, campaign, [figure], leads=[lead])


def _buckets(counted: Sequence[Tally]) -> dict[int, int]:
    buckets: Counter[int] = Counter()
    for one in counted:
        buckets[min(int(one.value) // 10 * 10, 90)] += one.number
    return dict(sorted(buckets.items()))


async def _pairs(database: Database, query: str, values: dict[str, Any]) -> list[tuple[Any, Any]]:
    async with database.connection() as connection:
        rows = await (await connection.execute(query, values)).fetchall()
    return [(first, second) for first, second in rows]
