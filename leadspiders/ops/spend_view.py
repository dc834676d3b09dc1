"""The spending as people read it: by provider and day, what is left of each cap, what a lead and a field cost."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadspiders.ops.spending import Cap, Spending
from leadspiders.ops.wording import count, dollars, percent, share

SHOWN = 20
"""Lines of one kind on a terminal; `--json` holds all."""
ADVICE = {
    "unknown": "counted as spent; providers.ambiguous in the campaign says whether it is bought again",
    "reserved": "its worker is gone: the next crawl counts it as unknown",
}


def as_object(found: Spending) -> dict[str, Any]:
    """The object of `scrapy spend C --json`."""
    return {
        "campaign": found.campaign,
        "spend_usd": round(found.usd, 4),
        "credits": dict(found.credits),
        "balanced": found.balanced,
        "by_day": [dict(day) | {"day": day["day"].isoformat()} for day in found.days],
        "caps": [asdict(cap) | {"left": cap.left} for cap in found.caps],
        "cost_usd": asdict(found.cost),
        "fields": [asdict(one) | {"usd_each": round(one.usd / one.filled, 6)} for one in found.fields],
        "ambiguous": [asdict(one) | {"at": one.at.isoformat()} for one in found.ambiguous],
        "differences": [
            {name: value if isinstance(value, str) else float(value) for name, value in asdict(one).items()}
            for one in found.differences
        ],
    }


def show(found: Spending) -> RenderableType:
    """The same for a terminal."""
    parts: list[RenderableType] = [_days(found), _caps(found.caps), _cost(found)]
    if found.fields:
        parts.append(_fields(found))
    if found.ambiguous:
        parts.append(_ambiguous(found))
    for one in found.differences:
        told = f"{one.scope} {one.name}: {one.usd_counted} dollars counted, {one.usd_in_rows} in its rows"
        parts.append(Text(f"{told}; {one.credits_counted} credits counted, {one.credits_in_rows} in its rows", "red"))
    verdict = "the totals are the sums of their rows" if found.balanced else "the totals are NOT the sums of their rows"
    parts.append(Text(verdict, "green" if found.balanced else "bold red"))
    return Group(*parts)


def _table(*headings: str, left: int = 1) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left else "right")
    return table


def _days(found: Spending) -> Table:
    table = _table("day", "provider", "calls", "facts", "credits", "dollars", left=2)
    for day in found.days:
        figures = (f"{day['calls']:,}", f"{day['facts']:,}", f"{day['credits']:,.1f}", dollars(day["usd"]))
        table.add_row(day["day"].isoformat(), day["provider"], *figures)
    table.add_row("all", "", "", "", f"{sum(found.credits.values()):,.1f}", dollars(found.usd), style="bold")
    return table


def _caps(caps: Sequence[Cap]) -> Table:
    table = _table("cap", "most", "used", "left")
    for cap in caps:
        amount = dollars if cap.unit == "usd" else count
        name = cap.name if cap.unit == "usd" else f"{cap.name}, credits"
        table.add_row(name, amount(cap.cap), amount(cap.used), amount(cap.left))
    return table


def _cost(found: Spending) -> Text:
    cost = found.cost
    return Text(
        f"a lead cost {dollars(cost.lead)}, a ready one {dollars(cost.ready)},"
        f" a qualified one {dollars(cost.qualified)}"
    )


def _fields(found: Spending) -> Table:
    table = _table("field", "filled by", "times", "each", "share", left=2)
    whole = sum(one.usd for one in found.fields)
    for one in found.fields[:SHOWN]:
        part = percent(share(one.usd, whole))
        table.add_row(one.field, one.provider, f"{one.filled:,}", dollars(one.usd / one.filled), part)
    return table


def _ambiguous(found: Spending) -> Group:
    table = Table.grid(padding=(0, 2))
    for one in found.ambiguous[:SHOWN]:
        when = one.at.isoformat(sep=" ", timespec="seconds")
        what = f"{one.provider}/{one.offer}"
        table.add_row(Text(one.fact[:12], "dim"), when, what, dollars(one.usd), f"run {one.run_id}", one.state)
    states = dict.fromkeys(one.state for one in found.ambiguous)
    heading = Text(f"{len(found.ambiguous):,} facts may have been charged without an answer", "yellow")
    return Group(heading, *(Text(f"{state}: {ADVICE[state]}", "dim") for state in states), table)
