"""Where the money of a campaign went, what it bought and what is left: the figures of `scrapy spend` and the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leadspiders.campaigns.model import Campaign
from leadspiders.stores.postgres import figures, spend_figures
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_figures import Ambiguous, Filled
from leadspiders.stores.postgres.spend_give_up import UNKNOWN_AFTER_SECONDS
from leadspiders.stores.postgres.spend_totals import Drift, Total, drifted, totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """One cap and what is left of it. `unit` is `usd` or `credits`; caps of a lead and of a call have no sum."""

    name: str
    unit: str
    cap: float
    used: float | None = None

    @property
    def left(self) -> float | None:
        """None where nothing adds up; below 0 when a cap was lowered, or a provider charged more than it says."""
        return None if self.used is None else round(self.cap - self.used, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Dollars for each lead, for each that is ready, for each that is qualified; None while there is none."""

    lead: float | None
    ready: float | None
    qualified: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Everything that `scrapy spend` found. `days` are by provider and day."""

    campaign: str
    usd: float
    credits: Mapping[str, float]
    days: Sequence[Mapping[str, Any]]
    caps: Sequence[Cap]
    cost: Cost
    fields: Sequence[Filled]
    ambiguous: Sequence[Ambiguous]
    differences: Sequence[Drift]

    @property
    def balanced(self) -> bool:
        """Whether each running total is the sum of its rows."""
        return not self.differences


async def spending(database: Database, campaign: Campaign, *, now: datetime) -> Spending:
    """The spending of a campaign as it stands."""
    name = campaign.name
    counted = await totals(database, name)
    usd = sum((float(total.usd) for total in counted if total.scope == "campaign"), 0.0)
    leads = await spend_figures.leads(database, name, lead=campaign.lead)
    return Spending(
        campaign=name,
        usd=usd,
        credits={total.name: float(total.credits) for total in counted if total.scope == "provider"},
        days=await figures.spend_by_day(database, name),
        caps=caps(campaign, counted, now),
        cost=Cost(lead=_each(usd, leads.total), ready=_each(usd, leads.ready), qualified=_each(usd, leads.qualified)),
        fields=await spend_figures.fields_filled(database, name),
        ambiguous=await spend_figures.ambiguous(database, name, after_seconds=UNKNOWN_AFTER_SECONDS),
        differences=await drifted(database, name),
    )


def caps(campaign: Campaign, counted: Sequence[Total], now: datetime) -> list[Cap]:
    """Every cap of the campaign, the widest first; of its runs the dearest is shown."""
    budget, today = campaign.budget, now.astimezone(UTC).date().isoformat()

    def used(scope: str, name: str) -> float:
        return sum(float(total.usd) for total in counted if (total.scope, total.name) == (scope, name))

    dearest = max((total for total in counted if total.scope == "run"), key=lambda total: total.usd, default=None)
    run = f"run {dearest.name}" if dearest else "run"
    found = [
        Cap(name="campaign", unit="usd", cap=budget.cap_usd, used=used("campaign", "")),
        Cap(name=f"day {today}", unit="usd", cap=budget.per_day_usd, used=used("day", today)),
        Cap(name=run, unit="usd", cap=budget.per_run_usd, used=float(dearest.usd) if dearest else 0.0),
        Cap(name="lead", unit="usd", cap=budget.per_lead_usd),
        Cap(name="call", unit="usd", cap=budget.per_call_usd),
    ]
    for provider, most in budget.per_provider_usd.items():
        found.append(Cap(name=provider, unit="usd", cap=most, used=used("provider", provider)))
    credits_ = {total.name: float(total.credits) for total in counted if total.scope == "provider"}
    for provider, most in budget.credits.items():
        found.append(Cap(name=provider, unit="credits", cap=most, used=credits_.get(provider, 0.0)))
    return found


def _each(usd: float, number: int) -> float | None:
    return round(usd / number, 6) if number else None
