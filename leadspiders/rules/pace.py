"""When the next call may be made, so that no window of any limit ever holds more calls than it allows.

Times are whole microseconds since 1970 on one clock. A window that is aligned begins at multiples of its length, as a
minute of the clock does: its calls are counted. Any other may begin at any moment: the times of its last calls are
kept, and the next call follows the one that stands `calls` places before it by more than the window's length. A token
bucket (GCRA) would be shorter, but it either lets two buckets through in one window or allows no burst at all.

A call arrives later than it was allowed, and the provider's clock is not ours. So a window is left alone at its two
ends, or, where it has no ends, is taken for longer than it is.

The script in `stores.redis.pace_reserve_script` does the same inside Redis; this is its model, and the pace of a worker
that Redis has left alone.
"""

import re
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from leadspiders.apis.http import Limit
from leadspiders.apis.registry import APIS
from leadspiders.errors import ArgumentError

SECOND: Final = 1_000_000
LONGEST_CLOSING: Final = 1 * SECOND
LONGEST_OPENING: Final = SECOND // 4
SHORTEST_MARGIN: Final = SECOND // 20
ALWAYS_ALIGNED_SECONDS: Final = 3_600
"""Windows so long are counted by the clock: the times of 250,000 calls would be too much to keep."""
LEAST_SHARE: Final = 0.1
"""What a worker may use that does not know how many there are."""
_WINDOW: Final = r"[1-9]\d{0,8}/[1-9]\d{0,8}"
_LIMITS: Final = re.compile(rf"(?P<api>\w+)\.(?P<group>[\w-]+)=(?P<windows>{_WINDOW}( +{_WINDOW})*)")


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in `micros`. A `gap` is a pause that we keep of ourselves: it needs no margin."""

    calls: int
    micros: int
    aligned: bool = False
    gap: bool = False

    @property
    def opening(self) -> int:
        """So long after its beginning nothing is sent: the provider's clock may still be in the last window."""
        return min(self.micros // 50, LONGEST_OPENING)

    @property
    def closing(self) -> int:
        """So long before its end nothing is sent any more: it would arrive in the next window."""
        return min(self.micros // 4, LONGEST_CLOSING)

    @property
    def margin(self) -> int:
        """By so much a window without ends is taken for longer than it is."""
        return 0 if self.gap else min(max(self.micros // 50, SHORTEST_MARGIN), LONGEST_CLOSING)

    def latest(self, moment: int) -> int:
        """Until then a call that was promised `moment` may be sent: the rest of the margin is for its way."""
        if self.gap:
            return moment + self.micros
        if self.aligned:
            return (moment // self.micros + 1) * self.micros - self.closing // 2
        return moment + self.margin // 2


@dataclass(slots=True)
class Book:
    """The calls of one credential in one group of endpoints, made and promised."""

    used: dict[tuple[int, int], int] = field(default_factory=dict)
    times: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    held_until: int = 0


def reserve(book: Book, windows: Sequence[Window], now: int, slack: int = 0) -> int:
    """Promise one call, and say when it may be made: the first moment at which all windows have room.

    It may be made up to `slack` later than others: those that follow it count it there.
    """
    moment, before = max(now, book.held_until), -1
    while moment != before:
        before = moment
        for window in windows:
            moment = max(moment, _aligned(book, window, moment) if window.aligned else _after_others(book, window))
    for window in windows:
        if window.aligned:
            place = (window.micros, moment // window.micros)
            book.used[place] = book.used.get(place, 0) + 1
        else:
            insort(book.times.setdefault((window.micros, window.gap), []), moment + slack)
    _forget(book, windows, now)
    return moment


def put_off(book: Book, windows: Sequence[Window], slot: tuple[int, int], now: int, slack: int = 0) -> int | None:
    """Move a call that was promised `slot` (its moment and slack) to now; None where that would be one too many.

    It is not, as long as fewer calls stand behind it than a window holds: none of those counts on it.
    """
    moment = max(now, slot[0], book.held_until)
    for window in windows:
        if window.aligned:
            if moment > (slot[0] // window.micros + 1) * window.micros - window.closing:
                return None
        else:
            times = book.times.get((window.micros, window.gap), [])
            if sum(slot) not in times or len(times) - 1 - times.index(sum(slot)) >= window.calls:
                return None
    for window in windows:
        if not window.aligned:
            times = book.times[window.micros, window.gap]
            times.remove(sum(slot))
            insort(times, moment + slack)
    return moment


def latest(windows: Iterable[Window], moment: int, slack: int = 0) -> int:
    """Until then a call may be sent that was promised `moment`: later it asks for another moment."""
    ends = (one.latest(moment if one.aligned else moment + slack) for one in windows)
    return min(ends, default=moment + slack + SECOND)


def slack_after(missed: int) -> int:
    """How much later than others a call may be made whose moment went by so often: a busy machine must not ask for
    ever. It costs those that follow as much, once."""
    return min(SHORTEST_MARGIN * 2 ** (missed - 1), LONGEST_CLOSING) if missed else 0


def _aligned(book: Book, window: Window, moment: int) -> int:
    index = moment // window.micros
    if moment > (index + 1) * window.micros - window.closing:
        index += 1
    while book.used.get((window.micros, index), 0) >= window.calls:
        index += 1
    return max(moment, index * window.micros + window.opening)


def _after_others(book: Book, window: Window) -> int:
    times = book.times.get((window.micros, window.gap), [])
    if not times:
        return 0
    full = len(times) >= window.calls
    return max(times[-1], times[-window.calls] + window.micros + window.margin if full else 0)


def _forget(book: Book, windows: Sequence[Window], now: int) -> None:
    for window in windows:
        if window.aligned:
            for place in [one for one in book.used if one[0] == window.micros and one[1] < now // window.micros]:
                del book.used[place]
        else:
            kept = book.times[window.micros, window.gap]
            kept[:] = [time for time in kept if time > now - window.micros - window.margin]


def windows_of(limits: Iterable[Limit], group: str) -> tuple[Window, ...]:
    """The windows of the endpoints that share a limit; a group without limits of its own has those of `default`."""
    limits = tuple(limits)
    named = [limit for limit in limits if limit.group == group] or [one for one in limits if one.group == "default"]
    return tuple(
        Window(limit.calls, limit.seconds * SECOND, limit.aligned or limit.seconds >= ALWAYS_ALIGNED_SECONDS)
        for limit in named
    )


def gap(seconds: float) -> tuple[Window, ...]:
    """The pause that a campaign keeps between two calls to a source."""
    return (Window(1, round(seconds * SECOND), gap=True),) if seconds > 0 else ()


def share(windows: Iterable[Window], workers: int) -> tuple[Window, ...]:
    """What one of so many workers may use while nobody counts for all of them; a tenth if they are more, or unknown."""
    part = max(1 / workers if workers else LEAST_SHARE, LEAST_SHARE)
    return tuple(_part(window, part) for window in windows)


def _part(window: Window, part: float) -> Window:
    calls = int(window.calls * part)
    if calls or window.gap:
        return Window(max(calls, 1), window.micros, window.aligned, window.gap)
    return Window(1, int(window.micros / (window.calls * part)), gap=True)  # less than one call a window: one, rarely


def read_limits(text: str) -> Mapping[tuple[str, str], tuple[Limit, ...]]:
    """Limits as `LEADS_LIMITS` gives them: `apollo.search=50/60 200/3600; sam_gov.default=10/86400`."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = _LIMITS.fullmatch(part)
        if not match:
            raise ArgumentError(
                f"LEADS_LIMITS: {part!r} is not like apollo.search=50/60 200/3600 (calls/seconds, both at least 1)"
            )
        _refuse_unknown(match["api"], match["group"])
        pairs = [pair.split("/") for pair in match["windows"].split()]
        found[match["api"], match["group"]] = tuple(
            Limit(group=match["group"], calls=int(calls), seconds=int(seconds)) for calls, seconds in pairs
        )
    return found


def _refuse_unknown(api: str, group: str) -> None:
    if api not in APIS:
        raise ArgumentError(f"LEADS_LIMITS: no API is called {api!r}: there are {', '.join(APIS)}")
    known = dict.fromkeys(("default", *(limit.group for limit in APIS[api].limits)))
    if group not in known:
        raise ArgumentError(f"LEADS_LIMITS: {api} has no group {group!r}: it has {', '.join(known)}")
