"""How fast each credential calls: fixed and rolling windows, and the highest count that any window saw."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any


class LimitError(ValueError):
    """Raised for limits that cannot be: the message says what can."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in `seconds`; fixed windows start at multiples of their length since 1970."""

    name: str
    calls: int
    seconds: float
    rolling: bool = False


@dataclass(slots=True)
class Usage:
    """One window after a call: `used` of `window.calls`; `resets_in` seconds there is room again."""

    window: Window
    used: int
    resets_in: float

    @property
    def left(self) -> int:
        """Calls that still fit."""
        return max(0, self.window.calls - self.used)


@dataclass(slots=True)
class Verdict:
    """What became of a call: `full` is the window that refused it, None when it was let through."""

    usages: list[Usage]
    full: Usage | None


@dataclass(slots=True)
class Peak:
    """The most calls tried in one window of one credential, beside what is allowed."""

    allowed: int
    highest: int = 0


@dataclass(slots=True)
class Limits:
    """The counters of all credentials. A refused call is not counted against its window, but it is in `peaks`.

    `ordered` holds other limits than the usual ones, by group, from the shortest window up.
    """

    used: dict[tuple[str, str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    tried: dict[tuple[str, str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    recent: dict[tuple[str, str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    peaks: dict[str, Peak] = field(default_factory=dict)
    ordered: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def order(self, wanted: Any, apis: Sequence[str]) -> None:
        """Set limits by API and path, as `{"apollo": {"people/match": [[calls, seconds]]}}`; raises `LimitError`.

        They take the place of the first windows, which stay fixed or rolling; the path is blank where an API has one
        limit for all.
        """
        if not isinstance(wanted, dict) or not all(isinstance(paths, dict) for paths in wanted.values()):
            raise LimitError('send limits by API and path, such as {"apollo": {"people/match": [[20, 2]]}}')
        for api, paths in wanted.items():
            if api not in apis:
                raise LimitError(f"no API is called {api}: there are {', '.join(apis)}")
            for path, windows in paths.items():
                self.ordered[f"{api} {path}".strip()] = [_pair(window) for window in windows]

    def take(self, group: str, credential: str, windows: Sequence[Window], now: float) -> Verdict:
        """Count one call of `credential` in `group` (`apollo mixed_people/api_search`) at `now` seconds since 1970."""
        before = self.look(group, credential, windows, now)
        full = next((usage for usage in before if usage.used >= usage.window.calls), None)
        for usage in before:
            self._note(group, credential, usage, now)
            if full is None:
                self._count(group, credential, usage.window, now)
                usage.used += 1
        return Verdict(before, full)

    def look(self, group: str, credential: str, windows: Sequence[Window], now: float) -> list[Usage]:
        """The state of the windows, without counting a call."""
        holds = list(windows)
        for place, (calls, seconds) in enumerate(self.ordered.get(group, [])[: len(holds)]):
            name = f"{seconds:g} s"
            holds[place] = replace(holds[place], name=name, calls=calls, seconds=seconds)
        return [self._usage(group, credential, window, now) for window in holds]

    def clear(self) -> None:
        """Start every window anew, with the usual limits."""
        for counters in (self.used, self.tried, self.recent, self.peaks, self.ordered):
            counters.clear()

    def _usage(self, group: str, credential: str, window: Window, now: float) -> Usage:
        if window.rolling:
            calls = self.recent[group, credential, window.name]
            while calls and calls[0] <= now - window.seconds:
                calls.popleft()
            return Usage(window, len(calls), calls[0] + window.seconds - now if calls else 0.0)
        used = self.used.get((group, credential, window.name, int(now // window.seconds)), 0)
        return Usage(window, used, window.seconds - now % window.seconds)

    def _count(self, group: str, credential: str, window: Window, now: float) -> None:
        if window.rolling:
            self.recent[group, credential, window.name].append(now)
        else:
            self.used[group, credential, window.name, int(now // window.seconds)] += 1

    def _note(self, group: str, credential: str, usage: Usage, now: float) -> None:
        window = usage.window
        key = (group, credential, window.name, int(now // window.seconds))
        self.tried[key] += 1
        peak = self.peaks.setdefault(f"{group} per {window.name}", Peak(window.calls))
        peak.highest = max(peak.highest, usage.used + 1 if window.rolling else self.tried[key])


def _pair(window: Any) -> tuple[int, float]:
    if not (
        isinstance(window, list) and len(window) == 2 and all(isinstance(n, int | float) and n > 0 for n in window)
    ):
        raise LimitError(f"{window} is no window: write [calls, seconds]")
    return int(window[0]), window[1]
