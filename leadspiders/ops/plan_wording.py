"""A plan in sentences: what decides its time, whether the goal is reached, and what stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from leadspiders.campaigns.model import Campaign
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.wording import count, dollars, duration
from leadspiders.rules.plan import Machine, Spread, Timing, spelled


def bound(took: Timing, workers: int, machine: Machine) -> str:
    """What decides the time, and whether more processes would change it."""
    if took.slowest and took.slowest.window:
        step = took.slowest.step
        what = f"{step.api} {step.group}: {spelled(took.slowest.window)}"
    else:
        known = f"as {machine.measured} former runs here measured it" if machine.measured else "assumed: no run yet"
        what = f"this machine ({machine.per_worker:,.0f} people a second and process, {known})"
    if workers >= took.workers_that_help:
        return f"{what}; more workers would change nothing"
    return f"{what}; up to {took.workers_that_help} workers help"


def missed(plan: Plan, needed: Mapping[str, float], campaign: Campaign) -> Plan:
    """The plan with its verdict, and what to bear in mind, as notes: the verdict comes first."""
    return replace(plan, notes=(_verdict(plan, needed, campaign), *_remarks(plan), *plan.notes))


def _verdict(plan: Plan, needed: Mapping[str, float], campaign: Campaign) -> str:
    if plan.ready >= plan.goal:
        return f"{plan.ready:,} leads are ready already: nothing is bought."
    if plan.short is None:
        return f"{plan.goal:,} leads can be reached: {figure(plan.usd, dollars)} in {duration(plan.timing.seconds)}."
    got = f"{count(plan.leads.likely)} leads"
    if plan.short.kind == "hours":
        return (
            f"{plan.goal:,} leads take {duration(plan.timing.seconds)}; the goal is {campaign.goals.hours:g} hours. "
            f"What holds it up: {plan.pace}."
        )
    if plan.short.kind == "volume":
        people = next((one for one in plan.volumes if one.source == "apollo"), None)
        there = f"{people.records:,} people" if people else "nobody"
        return f"{plan.goal:,} leads are more than {plan.short.what} make ({there}): {got}. Widen the target."
    return f"{plan.goal:,} leads need {_enough(plan, needed)}: {got}."


def _enough(plan: Plan, needed: Mapping[str, float]) -> str:
    """`317 credits; budget.credits.apollo allows 200`; dollars where the cap is in dollars."""
    assert plan.short
    prices = {one.provider: one.usd_per_credit for one in plan.costs}
    seller = next((name for name in needed if plan.short.what.endswith((f".{name}", f" {name}"))), None)
    if seller and ".per_provider_usd" not in plan.short.what:
        paid = next(one.credits.likely for one in plan.costs if one.provider == seller)
        return f"{count(needed[seller])} credits; {plan.short.what} allows {count(paid)}"
    sellers = [seller] if seller else list(needed)
    wanted = sum(needed[name] * prices[name] for name in sellers)
    paid = sum(one.usd.likely for one in plan.costs if one.provider in sellers)
    return f"{dollars(wanted)}; {plan.short.what} allows {dollars(paid)}"


def _remarks(plan: Plan) -> list[str]:
    notes = [f"Shares: {plan.rates}."]
    if any(one.by == "assumed" and one.source == "apollo" for one in plan.volumes):
        notes.append("The number of people is assumed: nobody was asked.")
    return notes


def figure(spread: Spread, write: Callable[[float], str]) -> str:
    """The likely figure, and the range where there is one."""
    if spread.exact or write(spread.low) == write(spread.high):
        return write(spread.likely)
    return f"{write(spread.likely)} ({write(spread.low)} to {write(spread.high)})"


def short_line(plan: Plan) -> str:
    """The plan in one line, for the start of a sprint."""
    parts = [
        duration(plan.timing.seconds),
        f"{figure(Spread(*_sum(plan)), count)} credits",
        figure(plan.usd, dollars),
        f"held up by {plan.pace}",
    ]
    return f"plan: {', '.join(parts)}"


def _sum(plan: Plan) -> tuple[float, float, float]:
    every = [one.credits for one in plan.costs]
    return sum(one.low for one in every), sum(one.likely for one in every), sum(one.high for one in every)
