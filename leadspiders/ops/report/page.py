"""The report as one HTML page that needs nothing but itself: it can be mailed, printed, or opened on a phone."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadspiders import __version__
from leadspiders.ops.funnel import funnel
from leadspiders.ops.report.charts import histogram, timeline
from leadspiders.ops.report.data import Ranking, ReportData
from leadspiders.ops.report.tiles import tiles
from leadspiders.ops.wording import count, dollars


def page(data: ReportData) -> str:
    """The whole HTML document."""
    loader = PackageLoader("leadspiders.ops", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"count": count, "dollars": dollars}
    steps = funnel(data.status, data.delivered)
    leads = data.status["leads"]
    return environment.get_template("report.html.j2").render(
        data=data,
        css=loader.get_source(environment, "report.css")[0],
        leads=leads,
        reached_percent=round(min(leads["ready"] / data.goal, 1) * 100, 1),
        tiles=tiles(data),
        funnel=steps,
        most=max(step.count for step in steps) or 1,
        timeline=timeline(data.per_minute, data.per_hour) if data.per_minute else None,
        quality=histogram(data.quality, data.bars.get("quality"), "quality"),
        fit=histogram(data.fit, data.bars.get("fit"), "fit"),
        deliveries=[_delivery(name, states) for name, states in data.delivered.items()],
        refused=_biggest(data.status["refused"]),
        parked=_biggest(data.status["parked"]),
        version=__version__,
    )


def _delivery(name: str, states: Mapping[str, int]) -> tuple[str, int, int, int]:
    sent, refused = states.get("sent", 0), states.get("dead", 0)
    return name, sent, sum(states.values()) - sent - refused, refused


def _biggest(reasons: Mapping[str, int]) -> Ranking:
    return sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
