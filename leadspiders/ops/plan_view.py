"""A plan for people and for programs."""

from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from leadspiders.ops.plan_data import Plan
from leadspiders.ops.plan_wording import figure
from leadspiders.ops.wording import count, dollars, duration
from leadspiders.rules.plan import Spread, spelled


def as_object(plan: Plan) -> dict[str, Any]:
    """The object of `scrapy plan C --json`."""
    binding = plan.short.kind if plan.short else "pace" if plan.timing.slowest else "machine"
    return {
        "campaign": plan.campaign,
        "sandbox": plan.sandbox,
        "goal": plan.goal,
        "ready": plan.ready,
        "workers": plan.workers,
        "fits": plan.fits,
        "says": plan.notes[0],
        "leads": _spread(plan.leads),
        "asked": _spread(plan.asked),
        "volume": [asdict(one) for one in plan.volumes],
        "calls": dict(plan.calls),
        "steps": [
            {
                "what": one.step.what,
                "api": one.step.api,
                "group": one.step.group,
                "calls": one.step.calls,
                "seconds": round(one.seconds, 1),
                "limit": spelled(one.window) if one.window else None,
            }
            for one in plan.timing.steps
        ],
        "credits": {one.provider: _spread(one.credits) for one in plan.costs},
        "cost_usd": {one.provider: _spread(one.usd) for one in plan.costs},
        "usd": _spread(plan.usd),
        "seconds": round(plan.timing.seconds, 1),
        "hours": round(plan.timing.seconds / 3600, 4),
        "binding": {"kind": binding, "what": plan.short.what if plan.short else plan.pace},
        "pace": plan.pace,
        "workers_that_help": plan.timing.workers_that_help,
        "rates": plan.rates,
        "notes": list(plan.notes[1:]),
    }


def show(plan: Plan) -> RenderableType:
    """The same on a terminal; made for 60 columns and up."""
    verdict, *notes = plan.notes
    style = "green" if plan.fits else "red"
    return Group(
        Panel(Group(Text(verdict, "bold"), *(Text(note) for note in notes)), border_style=style, padding=(0, 1)),
        _volumes(plan),
        _steps(plan),
        _costs(plan),
        Text.assemble(("time       ", "dim"), duration(plan.timing.seconds), f"; held up by {plan.pace}"),
    )


def _table(*headings: str, left: int = 1) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", padding=(0, 1))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left else "right")
    return table


def _volumes(plan: Plan) -> Table:
    words = {"asked": "says the source", "stored": "says the database", "assumed": "assumed"}
    table = _table("source", "what", "known", "records", "calls", left=3)
    for one in plan.volumes:
        table.add_row(one.source, one.note, words[one.by], f"{one.records:,}", f"{one.calls:,}")
    return table


def _steps(plan: Plan) -> Table:
    table = _table("step", "API", "limit", "calls", "at least", left=3)
    for one in plan.timing.steps:
        limit = spelled(one.window) if one.window else "none that matters"
        place = f"{one.step.api} {one.step.group}"
        table.add_row(one.step.what, place, limit, f"{one.step.calls:,}", duration(one.seconds))
    return table


def _costs(plan: Plan) -> Table:
    table = _table("paid to", "credits", "dollars")
    for one in plan.costs:
        table.add_row(one.provider, figure(one.credits, count), figure(one.usd, dollars))
    table.add_row("all", count(plan.credits), figure(plan.usd, dollars), style="bold")
    return table


def _spread(spread: Spread) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(spread).items()}
