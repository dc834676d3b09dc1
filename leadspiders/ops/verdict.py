"""Did the run do what the campaign asked for? Goal against measured, line by line. Pure.

A line without a goal, or without a measurement, is neither met nor missed: it is shown and says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.scoring import Qualify
from leadspiders.ops.funnel import Delivered, Status, arrived, dead, funnel, waiting
from leadspiders.ops.wording import DASH, count, dollars, duration, open_again, percent, share

SANDBOX_NOTE = "Sandbox figures: made-up people, made-up companies, made-up prices. No real person is in here."


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the acceptance table; `met` is None where there is no goal or nothing to measure yet."""

    name: str
    goal: str
    measured: str
    met: bool | None

    @property
    def mark(self) -> str:
        """The last word of the line."""
        if self.met is None:
            return "no goal" if self.goal == DASH else "not yet"
        return "✓ met" if self.met else "✗ missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`reached`: the goal of leads is there and no line is missed. `headline` is one sentence for everybody."""

    headline: str
    lines: tuple[Check, ...]
    notes: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether no line of the table is missed."""
        return not any(line.met is False for line in self.lines)

    @property
    def tone(self) -> Literal["good", "mixed", "bad"]:
        """`mixed`: the leads are there, but another line is missed."""
        if self.reached:
            return "good"
        return "mixed" if self.lines[0].met else "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    status: Status
    delivered: Delivered
    campaign: Campaign
    goal: int
    hours: float


def verdict(
    status: Status,
    campaign: Campaign,
    *,
    goal: int,
    hours: float,
    delivered: Delivered | None = None,
    sandbox: bool = False,
    forecast: float | None = None,
    closed: Mapping[str, datetime] | None = None,
) -> Verdict:
    """Judge a run: `goal` in leads, `hours` it has run, `forecast` the leads the plan expected, if there was a plan;
    `closed` says when an API may be asked again that may not be asked now."""
    run = _Run(status=status, delivered=delivered or {}, campaign=campaign, goal=goal, hours=hours)
    lines = tuple(line for check in CHECKS if (line := check(run)))
    missed = [line.name for line in lines if line.met is False]
    notes = [SANDBOX_NOTE] if sandbox else []
    if forecast is not None:
        notes.append(f"The plan expected {count(forecast)} leads; {count(status['leads']['ready'])} are ready.")
    notes += [open_again(api, when) for api, when in (closed or {}).items()]
    return Verdict(headline=_headline(run, missed), lines=lines, notes=tuple(notes))


def qualified_from(rule: Qualify) -> int:
    """The lowest score that qualifies: scores are whole, so above 80 is from 81 on."""
    if rule.at_least is not None:
        return rule.at_least
    assert rule.above is not None
    return rule.above + 1


def _headline(run: _Run, missed: list[str]) -> str:
    ready = run.status["leads"]["ready"]
    took = f"in {duration(run.hours * 3600)}"
    if ready < run.goal:
        return f"Goal not reached: {ready:,} of {run.goal:,} leads are ready {took}."
    if missed:
        return f"{ready:,} leads are ready {took}, but missed: {', '.join(missed)}."
    return f"Goal reached: {ready:,} of {run.goal:,} leads are ready {took}."


def _leads(run: _Run) -> Check:
    ready = run.status["leads"]["ready"]
    return Check("leads ready", count(run.goal), count(ready), ready >= run.goal)


def _per_hour(run: _Run) -> Check:
    goal, pace = run.campaign.goals.per_hour, run.status["rate_per_hour"]
    return Check("leads an hour", count(goal), count(pace), pace >= goal)


def _companies(run: _Run) -> Check | None:
    goal, pace = run.campaign.goals.companies_per_hour, share(run.status["companies"], run.hours)
    return None if goal is None else Check("companies an hour", count(goal), count(pace), _at_least(pace, goal))


def _quality(run: _Run) -> Check:
    rule, average = run.campaign.scoring.qualify, run.status["quality_avg"]
    goal = qualified_from(rule) if rule.score == "quality" else None
    measured = DASH if average is None else f"{average:.1f}"
    return Check("quality, average", count(goal), measured, _at_least(average, goal))


def _qualified(run: _Run) -> Check:
    leads, goal = run.status["leads"], run.campaign.goals.qualified_per_day
    measured = f"{leads['qualified']:,} ({percent(share(leads['qualified'], leads['ready']))} of ready)"
    # A run of less than a day is judged by its pace, unless it has brought the day's number already.
    days = max(run.hours / 24, 1.0) if goal is not None and leads["qualified"] >= goal else run.hours / 24
    met = _at_least(share(leads["qualified"], days), goal)
    return Check("qualified", DASH if goal is None else f"{goal:,} a day", measured, met)


def _emails(run: _Run) -> Check:
    leads = run.status["leads"]
    valid = share(leads["email_verified"], leads["with_email"])
    measured = f"{percent(valid)} ({leads['email_verified']:,} of {leads['with_email']:,})"
    return Check("e-mails verified as valid", DASH, measured, None)


def _duplicates(run: _Run) -> Check:
    steps = {step.name: step.count for step in funnel(run.status, {})}
    merged, seen = steps["merged"], steps["seen"]
    return Check("duplicates, merged", DASH, f"{merged:,} ({percent(share(merged, seen))} of seen)", None)


def _required(run: _Run) -> Check:
    leads = run.status["leads"]
    matched = leads["enriched"] + leads["ready"]
    measured = f"{percent(share(leads['ready'], matched))} of {matched:,} matched"
    return Check("required fields complete", DASH, measured, None)


def _cost(run: _Run) -> Check:
    cost = share(run.status["spend_usd"], run.status["leads"]["qualified"])
    return _below("cost of a qualified lead", run.campaign.goals.cost_per_qualified_usd, cost)


def _cost_enriched(run: _Run) -> Check | None:
    leads, goal = run.status["leads"], run.campaign.goals.cost_per_enriched_usd
    cost = share(run.status["spend_usd"], leads["enriched"] + leads["ready"])
    return None if goal is None else _below("cost of an enriched lead", goal, cost)


def _cap(run: _Run) -> Check:
    cap, spent = run.campaign.budget.cap_usd, run.status["spend_usd"]
    return Check("spent", f"at most {dollars(cap)}", dollars(spent), spent <= cap)


def _delivered(run: _Run) -> Check:
    sent, open_, failed = arrived(run.delivered), waiting(run.delivered), dead(run.delivered)
    limit = run.campaign.alerts.delivery_failed_share
    due = sent + open_ + failed
    if not due:
        return Check("delivered", DASH, "nothing was due", None)
    measured = (
        f"{sent:,} of {due:,}" + (f", {failed:,} refused" if failed else "") + (f", {open_:,} waiting" if open_ else "")
    )
    return Check("delivered", f"all, < {percent(limit)} refused", measured, not open_ and failed < limit * due)


def _balanced(run: _Run) -> Check:
    status = run.status
    open_records = f"{status['pending']:,} pending"
    measured = f"adds up, {open_records}" if status["balanced"] else "does not add up"
    return Check("ledger", "every record accounted for", measured, bool(status["balanced"]))


def _errors(run: _Run) -> Check:
    limit, status = run.campaign.alerts.error_rate, run.status
    rate = share(status["errors"], status["seen"])
    met = None if rate is None else rate < limit
    return Check("errors", f"< {percent(limit)}", f"{percent(rate)} ({status['errors']:,})", met)


def _at_least(measured: float | None, goal: float | None) -> bool | None:
    return None if measured is None or goal is None else measured >= goal


def _below(name: str, goal: float | None, cost: float | None) -> Check:
    met = None if goal is None or cost is None else cost < goal
    return Check(name, DASH if goal is None else f"< {dollars(goal)}", dollars(cost), met)


CHECKS: tuple[Callable[[_Run], Check | None], ...] = (
    _leads,
    _per_hour,
    _companies,
    _quality,
    _qualified,
    _emails,
    _duplicates,
    _required,
    _cost,
    _cost_enriched,
    _cap,
    _delivered,
    _balanced,
    _errors,
)
"""The acceptance table, in the order in which people ask."""
