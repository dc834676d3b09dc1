"""The report on a terminal: the page's figures without its charts."""

from rich import box
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from leadspiders.ops.advice import plain
from leadspiders.ops.funnel import funnel
from leadspiders.ops.progress_view import steps
from leadspiders.ops.report.data import Ranking, ReportData, Sample
from leadspiders.ops.report.tiles import tiles
from leadspiders.ops.status_view import reasons
from leadspiders.ops.verdict_view import show
from leadspiders.ops.wording import dollars


def terminal(data: ReportData) -> RenderableType:
    """Everything in reading order; made for 60 columns and up."""
    rankings = (("companies", data.companies), ("metros", data.metros), ("titles", data.titles))
    parts: list[RenderableType] = [
        Rule(Text(f"{data.title}: {data.kind} report", "bold", overflow="ellipsis", no_wrap=True), style="dim"),
        show(data.verdict),
        _tiles(data),
        Text(),
        steps(funnel(data.status, data.delivered)),
        reasons(data.status),
        _spend(data),
        *([_compared(data)] if data.compared else []),
        *(_ranking(name, rows) for name, rows in rankings if rows),
    ]
    if data.samples:
        parts += [Text("\nleads, and why", "bold"), *(_sample(lead) for lead in data.samples)]
    parts += [
        Text("\nwhat to do next", "bold"),
        *(Text(f"{place}. {plain(sentence)}") for place, sentence in enumerate(data.advice, 1)),
    ]
    return Group(*parts)


def _tiles(data: ReportData) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value, beside in tiles(data):
        table.add_row(Text(name, "dim"), Text(value, "bold"), Text(beside, "dim"))
    return table


def _spend(data: ReportData) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim")
    table.add_column("paid to")
    for heading in ("calls", "credits", "dollars"):
        table.add_column(heading, justify="right")
    for row in data.spend:
        table.add_row(row.provider, f"{row.calls:,}", f"{row.credits:,.0f}", dollars(row.usd))
    return table


def _compared(data: ReportData) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim")
    table.add_column("forecast against actual")
    for heading in ("planned", "actual", "difference"):
        table.add_column(heading, justify="right")
    for one in data.compared:
        table.add_row(*one.words())
    return table


def _ranking(name: str, rows: Ranking) -> Text:
    return Text.assemble((f"{name}  ", "dim"), ", ".join(f"{row} {number:,}" for row, number in rows))


def _sample(lead: Sample) -> Text:
    why = ", ".join(f"{points:+g} {reason}" for points, reason in lead.why)
    return Text.assemble(
        (lead.name, "bold"), f", {lead.title}, {lead.company}, {lead.place}\n",
        (f"  quality {lead.quality}, fit {lead.fit}: {why}", "dim"),
    )  # fmt: skip
