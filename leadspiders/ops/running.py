"""How long a campaign has run, and whether in the sandbox."""

from typing import NamedTuple

from leadspiders.campaigns.model import Campaign
from leadspiders.stores.postgres.pool import Database

# Runs that overlap count once. A run that was killed has no end: its workers' last sign of life is one.
_RUNS = """WITH run AS (
 SELECT sandbox, started_at, greatest(started_at, coalesce(completed_at, (
  SELECT max(heartbeat_at) FROM scraping_logs log WHERE log.run_id = runs.run_id))) AS ended_at
 FROM runs WHERE campaign = %s),
spans AS (SELECT unnest(range_agg(tstzrange(started_at, ended_at))) AS span FROM run)
SELECT (SELECT coalesce(extract(epoch FROM sum(upper(span) - lower(span))), 0)::float FROM spans),
 (SELECT coalesce(bool_and(sandbox), false) FROM run), (SELECT coalesce(bool_or(sandbox), false) FROM run)"""


class Running(NamedTuple):
    """All runs of a campaign together, in hours, and whether all, or some, were in the sandbox."""

    hours: float
    all_sandbox: bool
    some_sandbox: bool


def goal_of(campaign: Campaign, runs: Running) -> int:
    """The leads to reach: a campaign that has only been rehearsed is measured by the goal of a rehearsal."""
    return campaign.goals.sandbox_leads if runs.all_sandbox else campaign.goals.leads


async def running(database: Database, campaign: str) -> Running:
    """All runs so far; 0 hours when there was none."""
    async with database.connection() as connection:
        row = await (await connection.execute(_RUNS, [campaign])).fetchone()
    assert row
    seconds, all_sandbox, some_sandbox = row
    return Running(seconds / 3600, all_sandbox, some_sandbox)
