"""The verdict on a terminal: its headline, the acceptance table, and what to bear in mind."""

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from leadspiders.ops.verdict import Verdict

STYLES = {"good": "green", "mixed": "yellow", "bad": "red"}
MARKS = {True: "green", False: "bold red", None: "dim"}


def show(verdict: Verdict) -> RenderableType:
    """Headline, notes and acceptance table; made for 60 columns and up."""
    words = [Text(verdict.headline, "bold"), *(Text(note) for note in verdict.notes)]
    return Group(Panel(Group(*words), border_style=STYLES[verdict.tone], padding=(0, 1)), acceptance(verdict))


def acceptance(verdict: Verdict) -> Table:
    """Goal, measured, met: a line each."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), header_style="dim")
    for heading in ("what", "goal", "measured"):
        table.add_column(heading)
    table.add_column("", no_wrap=True)
    for check in verdict.lines:
        table.add_row(check.name, check.goal, check.measured, Text(check.mark, MARKS[check.met]))
    return table
