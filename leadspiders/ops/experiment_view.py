"""Variants against conversions, and what other weights would do, on a terminal."""

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def comparison(told: dict[str, Any]) -> RenderableType:
    """What `ops.experiment.compare` found."""
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for heading in (
        "variant",
        "leads",
        "qualified",
        "outcomes",
        "won",
        "conversion",
        "95 % interval",
        "against control",
    ):
        table.add_column(heading, justify="left" if heading in {"variant", "against control"} else "right")
    for one in told["variants"]:
        low, high = one["interval"] or (None, None)
        table.add_row(
            Text(one["variant"]),
            *(f"{one[name]:,}" for name in ("leads", "qualified", "outcomes", "won")),
            "-" if one["conversion"] is None else f"{one['conversion']:.1%}",
            "-" if low is None else f"{low:.1%} to {high:.1%}",
            one["against_control"]["sentence"] if one["against_control"] else "control",
        )
    note = "Outcomes are those of leads that the variant called qualified; a difference of "
    note += f"{told['detect']:.0%} or more is looked for, at 80 % power."
    return Group(table, Text(told["verdict"], "bold"), Text(note, "dim"))


def difference(told: dict[str, Any]) -> RenderableType:
    """What `ops.what_if.what_if` found."""
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for heading in ("", "now", "what if", "difference"):
        table.add_column(heading, justify="left" if not heading else "right")
    for label, name, form in (
        ("qualified", "qualified", "{:,}"),
        ("deals", "deals", "{:,}"),
        ("quality on average", "quality_avg", "{:.1f}"),
        ("fit on average", "fit_avg", "{:.1f}"),
        ("cost per qualified lead", "cost_per_qualified_usd", "${:,.4f}"),
    ):
        before, after = told["before"][name], told["after"][name]
        sign = "{:+,}" if form == "{:,}" else "{:+.2f}"
        by = "-" if None in (before, after) else sign.format(after - before)
        table.add_row(label, *("-" if value is None else form.format(value) for value in (before, after)), by)
    head = f"{told['leads']:,} leads scored by {told['what_if']}, nothing asked and nothing changed"
    change = f"{told['newly_qualified']:,} would qualify, {told['no_longer_qualified']:,} would no longer"
    parts: list[RenderableType] = [Text(head, "bold"), table, Text(change)]
    for name in ("rises", "falls"):
        if told[name]["leads"]:
            parts += [
                Text(),
                Text(f"{told[name]['leads']:,} {name[:-1]}; the farthest:", "bold"),
                _moved(told[name]["most"]),
            ]
    return Group(*parts)


def _moved(leads: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for lead in leads:
        named = ", ".join(part for part in (lead["title"], lead["company"]) if part)
        moves = (
            f"{name} {lead[name][0]} to {lead[name][1]}" for name in ("fit", "quality") if len(set(lead[name])) > 1
        )
        table.add_row(", ".join(moves), Text(named), Text(lead["id"], "dim"))
    return table
