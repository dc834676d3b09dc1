"""The charts of the report as inline SVG: drawn by matplotlib, colored by the page's own style sheet.

matplotlib writes fixed colors. We give it a marker color for each role and put the CSS variable in its place
afterwards, so that one drawing serves light, dark and paper. Text stays text (`svg.fonttype: none`): it can be
searched, read aloud, and takes the page's font. This module takes a second to import, so only the page imports it.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

INK, LINE, ACCENT, GOAL = "#0a0001", "#0a0002", "#0a0003", "#0a0004"
ROLES = {INK: "var(--muted)", LINE: "var(--line)", ACCENT: "var(--accent)", GOAL: "var(--ink)"}
WIDTH = 5.4  # inches, 389 points: text is about 9 px on a phone of 360 px and 12 px on a desk
TALL, LOW = 3.5, 2.5  # inches: the time line is as high as the funnel beside it
BARS = 120  # more bars than this cannot be told apart at that width
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440)  # minutes to a bar


def timeline(per_minute: Sequence[tuple[datetime, int]], goal_per_hour: float | None) -> str:
    """Leads stored per minute over time, with the pace of the goal as a dashed line."""
    first, last = per_minute[0][0], per_minute[-1][0]
    span = (last - first).total_seconds() / 60 + 1
    step = next((minutes for minutes in STEPS if span / minutes <= BARS), STEPS[-1])
    sums: dict[int, int] = {}
    for at, leads in per_minute:
        place = int((at - first).total_seconds() // 60 // step)
        sums[place] = sums.get(place, 0) + leads
    figure, axes = _canvas(TALL)
    starts = [first + timedelta(minutes=place * step) for place in sums]
    axes.bar(
        starts,  # type: ignore[arg-type]  # matplotlib takes datetimes, its stubs do not say so
        [total / step for total in sums.values()],
        width=timedelta(minutes=step * 0.86),  # type: ignore[arg-type]
        align="edge",
        color=ACCENT,
    )
    axes.set_xlim(first, first + timedelta(minutes=max(span, 5)))  # type: ignore[arg-type]
    locator = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    if goal_per_hour:
        axes.axhline(goal_per_hour / 60, color=GOAL, linewidth=1.4, linestyle=(0, (4, 3)))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    return _svg(figure, "timeline")


def histogram(buckets: Mapping[int, int], bar_from: int | None, name: str) -> str:
    """Leads by score in ten buckets, and the score from which a lead is qualified. `name` is unique on a page."""
    figure, axes = _canvas(LOW)
    lows = range(0, 100, 10)
    bars = axes.bar([low + 5 for low in lows], [buckets.get(low, 0) for low in lows], width=8.6, color=ACCENT)
    axes.bar_label(
        bars, [f"{buckets[low]:,}" if buckets.get(low) else "" for low in lows], padding=2, color=INK, fontsize=9
    )
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    axes.margins(y=0.18)
    axes.yaxis.set_visible(False)
    axes.grid(visible=False)
    if bar_from is not None:
        top = axes.get_ylim()[1]
        under = max(buckets.get(bar_from // 10 * 10, 0) / top + 0.12, 0)  # the line ends above the bar and its label
        axes.axvline(bar_from, ymin=min(under, 0.9), color=GOAL, linewidth=1.4, linestyle=(0, (4, 3)))
    return _svg(figure, name)


def _canvas(height: float) -> tuple[Figure, Axes]:
    with mpl.rc_context({"font.family": "sans-serif", "font.size": 10.5}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.spines["bottom"].set_color(LINE)
        axes.tick_params(colors=INK, length=0, pad=5)
        axes.tick_params(axis="x", pad=9)  # clear of the zero beside it
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_axisbelow(True)
    return figure, axes


def _svg(figure: Figure, name: str) -> str:
    drawn = io.StringIO()
    # The salt keeps the ids inside two drawings on one page apart, and the same from one run to the next.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(
            drawn,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = drawn.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"|(<svg\b[^>]*?) height="[^"]*"', r"\1\2", text, count=1)
    for marker, variable in ROLES.items():
        text = text.replace(marker, variable)
    return text
