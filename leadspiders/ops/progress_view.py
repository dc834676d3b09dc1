"""How a run looks while it goes: one picture for a terminal, one line for a log. Pure: figures in, text out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from leadspiders.ops.funnel import Delivered, Status, Step, funnel
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.wording import clock, count, dollars, duration, percent, share

TWO_COLUMNS = 76  # from this width on, the funnel stands beside the figures
HIGH_ERRORS = 0.05  # the share of errors a run must stay under


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What the plan expects of the run itself, whatever was there before it."""

    seconds: float
    usd: float

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The likely figures of a plan."""
        return cls(seconds=plan.timing.seconds, usd=plan.usd.likely)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What the run is measured against: leads, leads an hour, dollars in all, credits by provider, its plan."""

    title: str
    goal: int
    per_hour: float | None = None
    cap_usd: float | None = None
    credits: Mapping[str, int] = field(default_factory=dict)
    planned: Planned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The figures of one moment; `elapsed` in seconds since the run began, None outside of a run."""

    status: Status
    delivered: Delivered
    elapsed: float | None = None


def seconds_left(goal: int, ready: int, per_hour: float) -> float | None:
    """Seconds until the goal at this pace: 0 when it is reached, None when nothing moves."""
    if ready >= goal:
        return 0.0
    return (goal - ready) / per_hour * 3600 if per_hour > 0 else None


def picture(moment: Moment, aim: Aim, width: int) -> RenderableType:
    """The whole view for a terminal of `width` columns; made for 60 and up."""
    figures = _figures(moment, aim)
    way = steps(funnel(moment.status, moment.delivered))
    if width < TWO_COLUMNS:
        body: RenderableType = Group(_target(moment, aim), figures, Text(" "), way)
    else:
        columns = Table.grid(padding=(0, 3), expand=True)
        columns.add_column(no_wrap=True)
        columns.add_column(ratio=1)
        columns.add_row(figures, way)
        body = Group(_target(moment, aim), Text(" "), columns)
    return Panel(
        body,
        title=Text(aim.title, "bold", overflow="ellipsis", no_wrap=True),
        title_align="left",
        subtitle=None if moment.elapsed is None else f"{clock(moment.elapsed)} elapsed",
        subtitle_align="right",
        border_style="cyan",
        padding=(0, 2),
        width=min(width, 120),
    )


def line(moment: Moment, aim: Aim) -> str:
    """The same on one line, for a log."""
    status, leads = moment.status, moment.status["leads"]
    parts = [
        clock(moment.elapsed or 0.0),
        f"ready {leads['ready']:,}/{aim.goal:,} ({percent(share(leads['ready'], aim.goal), 0)})",
        f"{count(status['rate_per_hour'])}/h",
        _arrival(moment, aim),
        *(
            f"{step.name} {step.count:,}"
            for step in funnel(status, moment.delivered)
            if step.name != "ready" and step.count
        ),
        f"spent {dollars(status['spend_usd'])}",
        *([f"plan {clock(aim.planned.seconds)} and {dollars(aim.planned.usd)}"] if aim.planned else ()),
        f"errors {status['errors']:,}",
        f"workers {status['workers']}",
    ]
    return "  ".join(parts)


def fingerprint(moment: Moment) -> tuple[object, ...]:
    """What makes a new line worth printing: the counts, not the clock or the pace, which move by themselves."""
    status = moment.status
    counts = tuple(step.count for step in funnel(status, moment.delivered))
    return (*counts, status["spend_usd"], status["errors"], status["workers"])


def _arrival(moment: Moment, aim: Aim) -> str:
    left = seconds_left(aim.goal, moment.status["leads"]["ready"], moment.status["rate_per_hour"])
    if left is None:
        return "ETA unknown"
    return f"ETA {duration(left)}" if left else "goal reached"


def _target(moment: Moment, aim: Aim) -> RenderableType:
    ready = moment.status["leads"]["ready"]
    words = Text.assemble(
        (f"{ready:,}", "bold"),
        f" of {aim.goal:,} leads ready  ",
        (percent(share(ready, aim.goal), 0), "bold green" if ready >= aim.goal else "bold"),
        f"  {_arrival(moment, aim)}",
    )
    return Group(words, Bar(max(aim.goal, 1), 0, min(ready, aim.goal), color="green", bgcolor="grey23"))


def _figures(moment: Moment, aim: Aim) -> Table:
    status, leads = moment.status, moment.status["leads"]
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    pace = status["rate_per_hour"]
    goal = f" (goal {count(aim.per_hour)}/h)" if aim.per_hour else ""
    slow = aim.per_hour is not None and pace < aim.per_hour and leads["ready"] < aim.goal
    table.add_row("rate", Text.assemble((f"{count(pace)}/h", "yellow" if slow else "green"), goal))
    cap = f" of {dollars(aim.cap_usd)} cap" if aim.cap_usd else ""
    table.add_row("spent", f"{dollars(status['spend_usd'])}{cap}")
    if aim.planned:
        table.add_row("planned", f"{dollars(aim.planned.usd)} in {clock(aim.planned.seconds)}")
    per_lead = share(status["spend_usd"], leads["qualified"])
    table.add_row("per qualified", dollars(per_lead))
    for provider, used in status["credits"].items():
        limit = f" of {count(aim.credits[provider])}" if provider in aim.credits else ""
        table.add_row(f"{provider} credits", f"{count(used)}{limit}")
    table.add_row("quality, avg.", count(status["quality_avg"]))
    table.add_row("workers", count(status["workers"]))
    wrong = share(status["errors"], status["seen"])
    style = "red" if (wrong or 0) >= HIGH_ERRORS else ""
    table.add_row("errors", Text(f"{count(status['errors'])} ({percent(wrong)})", style))
    for destination, states in moment.delivered.items():
        failed = states.get("dead", 0)
        late = Text(f", {failed:,} failed", "red") if failed else ""
        table.add_row(destination, Text.assemble(f"{states.get('sent', 0):,} delivered", late))
    return table


def steps(way: list[Step]) -> Table:
    """The funnel as rows with a bar each; what is empty and leads nowhere is left out."""
    most = max((step.count for step in way), default=0) or 1
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    for step in way:
        if step.aside and not step.count:
            continue
        style = "dim" if step.aside else ""
        bar = Bar(most, 0, step.count, color="grey50" if step.aside else "cyan")
        table.add_row(Text(("  " if step.aside else "") + step.name, style), Text(f"{step.count:,}", style), bar)
    return table
