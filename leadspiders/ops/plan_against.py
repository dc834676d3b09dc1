"""Forecast against actual: what the plan said, what the run came to, and the difference. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from leadspiders.ops.funnel import Status, funnel
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.wording import DASH, count, dollars, duration
from leadspiders.rules.plan import Spread

FEW = 50
"""People bought for: fewer tell nothing of how fast this machine is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure of the plan beside that of the run; `unit` is seconds, calls, credits or usd."""

    what: str
    unit: str
    forecast: Spread
    actual: float

    @property
    def difference(self) -> float | None:
        """Actual over forecast, as a share: 0.1 is a tenth more; None where nothing was forecast."""
        return self.actual / self.forecast.likely - 1 if self.forecast.likely else None

    def words(self) -> tuple[str, str, str, str]:
        """What, forecast, actual and difference, as people read them."""
        write = {"seconds": duration, "usd": dollars}.get(self.unit, count)
        off = self.difference
        if off is None:
            said = DASH if self.actual else "as planned"
        else:
            said = f"{off:+.1%}".replace("%", " %") if round(off, 3) else "as planned"
        return self.what, write(self.forecast.likely), write(self.actual), said


def against(
    plan: Plan,
    *,
    seconds: float,
    calls: Mapping[str, int],
    credits: Mapping[str, float],  # noqa: A002  as the tables call them
    usd: float,
) -> list[Compared]:
    """Time, calls by API, credits by provider, dollars; what neither plan nor run has anything of is left out."""
    paid = {cost.provider: cost.credits for cost in plan.costs}
    nothing = Spread(0, 0, 0)

    def known(number: float) -> Spread:
        return Spread(number, number, number)

    found = [Compared(what="time", unit="seconds", forecast=known(plan.timing.seconds), actual=seconds)]
    found += [
        Compared(what=f"{api} calls", unit="calls", forecast=known(plan.calls.get(api, 0)), actual=calls.get(api, 0))
        for api in dict.fromkeys((*plan.calls, *calls))
    ]
    found += [
        Compared(
            what=f"{name} credits", unit="credits", forecast=paid.get(name, nothing), actual=credits.get(name, 0.0)
        )
        for name in dict.fromkeys((*paid, *credits))
    ]
    found.append(Compared(what="dollars", unit="usd", forecast=plan.usd, actual=usd))
    return [one for one in found if one.forecast.likely or one.actual]


def kept(plan: Plan) -> dict[str, Any]:
    """What is kept of a plan with its run."""
    return {
        "goal": plan.goal,
        "seconds": round(plan.timing.seconds, 1),
        "calls": dict(plan.calls),
        "credits": {cost.provider: asdict(cost.credits) for cost in plan.costs},
        "usd": asdict(plan.usd),
        "pace": plan.pace,
        "short": plan.short and asdict(plan.short),
    }


class Milestones:
    """When a run saw its first record and bought its last lead, as far as whoever watches it can tell."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = 0.0
        self._before: int | None = None
        self._named = 0
        self._seen = 0

    def note(self, elapsed: float, status: Status) -> None:
        """The figures at `elapsed` seconds."""
        steps = {step.name: step.count for step in funnel(status, {})}
        if self._before is None:
            self._before = self._named = steps["enriched"]
            self._seen = steps["seen"]
        if self._first is None and steps["seen"] > self._seen:
            self._first = elapsed
        if steps["enriched"] > self._named:
            self._named, self._last = steps["enriched"], elapsed

    def measured(self, seconds: float, *, workers: int, cores: int, paced: bool) -> dict[str, float]:
        """What the next plan learns: seconds to the first record and after the last lead, and people a second of one
        process unless a limit held them up. Nothing where too few were bought."""
        bought = self._named - (self._before or 0)
        if self._first is None or bought < FEW:
            return {}
        found = {
            "seconds": round(seconds, 1),
            "start_seconds": round(self._first, 1),
            "end_seconds": round(seconds - self._last, 1),
        }
        if not paced and self._last > self._first:
            found["per_worker"] = round(bought / (self._last - self._first) / min(workers, cores), 2)
        return found
