"""What a run takes before it begins: calls, credits, dollars and hours, and the one limit that binds. Pure.

The steps of a pipeline overlap, and so do different APIs: the longest decides, after the start and before the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from leadspiders.rules.least_time import least_seconds, tightest
from leadspiders.rules.pace import SECOND, Window

UNITS = {1: "second", 60: "minute", 3_600: "hour", 86_400: "day"}


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure, and the range it lies in nineteen times out of twenty; all three are equal where it is known."""

    low: float
    likely: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether nothing is left to chance."""
        return self.low == self.high

    def times(self, factor: float) -> "Spread":
        """So many of it."""
        return Spread(self.low * factor, self.likely * factor, self.high * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One kind of call. `windows` is all that paces it, `used` the calls that were made before in the present windows
    of the clock, by their microseconds."""

    what: str
    api: str
    group: str
    calls: int
    windows: Sequence[Window] = ()
    used: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this machine does when nothing else binds. `per_worker` is leads a second of one process; more of them than
    `cores` share these. `measured` is the number of former runs that the figures are from; 0: they are assumed."""

    per_worker: float
    cores: int
    start_seconds: float
    end_seconds: float
    measured: int = 0

    def seconds(self, leads: float, workers: int) -> float:
        """The time for so many leads with so many processes."""
        return leads / (self.per_worker * min(workers, self.cores))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """A step and the seconds that its limits make it take at least; `window` is the one to blame."""

    step: Step
    seconds: float
    window: Window | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`seconds` from the start to the last lead delivered. `slowest` is the step that binds, None: the machine does.
    `workers_that_help` is the number of processes beyond which nothing gets faster."""

    seconds: float
    steps: Sequence[Paced]
    slowest: Paced | None
    workers_that_help: int


def merged(steps: Sequence[Step]) -> list[Step]:
    """One step a group of an API: whoever shares a limit takes turns under it."""
    found: dict[tuple[str, str], Step] = {}
    for step in steps:
        before = found.get((step.api, step.group))
        if before:
            step = replace(step, what=f"{before.what}; {step.what}", calls=before.calls + step.calls)  # noqa: PLW2901
        found[step.api, step.group] = step
    return list(found.values())


def timing(steps: Sequence[Step], machine: Machine, *, leads: float, workers: int, now: int) -> Timing:
    """How long it takes when it begins at `now` (microseconds since 1970) and `leads` are bought for."""
    begin = now + round(machine.start_seconds * SECOND)
    paced = [
        Paced(
            step=step,
            seconds=least_seconds(step.windows, step.calls, begin, step.used),
            window=tightest(step.windows, step.calls, begin, step.used),
        )
        for step in steps
    ]
    longest = max(paced, key=lambda one: one.seconds, default=None)
    own = machine.seconds(leads, workers)
    bound = longest is not None and longest.seconds > own
    waited = longest.seconds if longest and bound else own
    helping = next(
        count
        for count in range(1, machine.cores + 1)
        if count == machine.cores or (longest and machine.seconds(leads, count) <= longest.seconds)
    )
    return Timing(
        seconds=machine.start_seconds + waited + machine.end_seconds,
        steps=paced,
        slowest=longest if bound else None,
        workers_that_help=helping,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One cap and what is left of it. `provider` is set where it holds for one seller only."""

    name: str
    left: float
    unit: Literal["usd", "credits"]
    provider: str | None = None


def affordable(
    rooms: Sequence[Room], each: Mapping[str, float], prices: Mapping[str, float]
) -> tuple[float, Room | None]:
    """How many leads the caps pay for, and the cap that allows the fewest (None: nothing costs anything).

    `each` is credits a lead by provider, `prices` dollars a credit.
    """
    allowed: list[tuple[float, Room]] = []
    for room in rooms:
        asked = {room.provider: each.get(room.provider, 0.0)} if room.provider else each
        cost = sum(credits_ * (prices[name] if room.unit == "usd" else 1) for name, credits_ in asked.items())
        if cost > 0:
            allowed.append((max(room.left, 0.0) / cost, room))
    return min(allowed, key=lambda pair: pair[0], default=(float("inf"), None))


def spelled(window: Window) -> str:
    """`100 calls a minute`, `20 calls in 10 s`, `a pause of 2 s`."""
    seconds = window.micros / SECOND
    if window.gap:
        return f"a pause of {seconds:g} s between two calls"
    unit, calls = UNITS.get(round(seconds)), "call" if window.calls == 1 else "calls"
    return f"{window.calls:,} {calls} a {unit}" if unit else f"{window.calls:,} {calls} in {seconds:g} s"
