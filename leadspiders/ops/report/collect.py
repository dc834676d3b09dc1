"""Fills a report from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from leadspiders.campaigns.model import Campaign
from leadspiders.ops.advice import advice
from leadspiders.ops.report.data import Ranking, ReportData, Spend
from leadspiders.ops.report.samples import samples
from leadspiders.ops.running import goal_of, running
from leadspiders.ops.verdict import Verdict, qualified_from, verdict
from leadspiders.stores.postgres import figures, outbox
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.status import status as status_of

TOP = 5
MIXED_NOTE = "Some runs of this campaign were rehearsals in the sandbox: their made-up leads are counted here as well."


async def collect(
    database: Database,
    campaign: Campaign,
    *,
    kind: str,
    now: datetime,
    goal: int | None = None,
    hours: float | None = None,
    forecast: float | None = None,
    closed: Mapping[str, datetime] | None = None,
) -> ReportData:
    """The report of a campaign as it stands.

    `goal` in leads and `hours` of running are the campaign's own, and those of all its runs, when they are not given;
    `forecast` is what the plan expected, in leads; `closed` says when an API may be asked again that may not now.
    """
    name, decides = campaign.name, campaign.scoring.qualify
    status = await status_of(database, name, lead=campaign.lead)
    delivered = await outbox.counts(database, name)
    runs = await running(database, name)
    goal = goal or goal_of(campaign, runs)
    hours = runs.hours if hours is None else hours
    judged = verdict(
        status,
        campaign,
        goal=goal,
        hours=hours,
        delivered=delivered,
        sandbox=runs.all_sandbox,
        forecast=forecast,
        closed=closed,
    )
    return ReportData(
        campaign=name,
        title=campaign.title,
        kind=kind,
        made_at=now,
        sandbox=runs.some_sandbox,
        goal=goal,
        hours=hours,
        per_hour=campaign.goals.per_hour,
        cap_usd=campaign.budget.cap_usd,
        status=status,
        verdict=_mixed(judged) if runs.some_sandbox and not runs.all_sandbox else judged,
        advice=advice(status, campaign, goal=goal, delivered=delivered, sandbox=runs.all_sandbox),
        delivered=delivered,
        per_minute=await figures.leads_per_minute(database, name, lead=campaign.lead),
        quality=await figures.quality_histogram(database, name, lead=campaign.lead),
        fit=await figures.fit_histogram(database, name, lead=campaign.lead),
        bars={decides.score: qualified_from(decides)},
        spend=by_provider(await figures.spend_by_day(database, name)),
        emails=with_the_rest(await figures.top(database, name, "email_status"), status["leads"]),
        companies=await figures.top_companies(database, name, limit=TOP),
        metros=await figures.top(database, name, "location_metro", limit=TOP),
        titles=await figures.top(database, name, "job_title", limit=TOP),
        samples=await samples(database, campaign),
    )


def by_provider(days: Sequence[Mapping[str, Any]]) -> list[Spend]:
    """What each provider was paid over all days, the dearest first."""
    found: dict[str, Spend] = {}
    for day in days:
        paid = found.get(day["provider"], Spend(provider=day["provider"], calls=0, credits=0.0, usd=0.0))
        found[paid.provider] = Spend(
            provider=paid.provider,
            calls=paid.calls + day["calls"],
            credits=paid.credits + day["credits"],
            usd=paid.usd + day["usd"],
        )
    return sorted(found.values(), key=lambda paid: (-paid.usd, paid.provider))


def with_the_rest(statuses: Ranking, leads: Mapping[str, int]) -> Ranking:
    """E-mail states, completed by the leads whose address nobody judged, and those that have none."""
    judged = sum(number for _, number in statuses)
    rest = (("not judged", leads["with_email"] - judged), ("no address", leads["total"] - leads["with_email"]))
    return [*statuses, *((name, number) for name, number in rest if number > 0)]


def _mixed(judged: Verdict) -> Verdict:
    return replace(judged, notes=(*judged.notes, MIXED_NOTE))
