"""How long a number of calls takes at least, under all windows of a limit at once, and which window is to blame.

The pace of `rules.pace` promises each call the first moment at which every window has room. Here the same is played
through for calls that all wait from the start, with no more memory than the windows hold: a plan is about thousands.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from leadspiders.rules.pace import SECOND, Window


def moments(windows: Sequence[Window], start: int, used: Mapping[int, int] | None = None) -> Iterator[int]:
    """The moment of each call, in microseconds since 1970; endless.

    `used` holds the calls that were made before in the window of the clock that `start` lies in, by its microseconds.
    """
    counts = {window: (start // window.micros, (used or {}).get(window.micros, 0)) for window in windows}
    recent = {window: deque[int](maxlen=window.calls) for window in windows if not window.aligned}
    moment = start
    while True:
        before = -1
        while moment != before:
            before = moment
            for window in windows:
                if window.aligned:
                    moment = max(moment, _aligned(window, *counts[window], moment))
                elif len(recent[window]) == window.calls:
                    moment = max(moment, recent[window][0] + window.micros + window.margin)
        for window in windows:
            if not window.aligned:
                recent[window].append(moment)
                continue
            index, calls = moment // window.micros, counts[window]
            counts[window] = (index, calls[1] + 1 if calls[0] == index else 1)
        yield moment


def least_seconds(windows: Sequence[Window], calls: int, start: int, used: Mapping[int, int] | None = None) -> float:
    """Seconds from `start` to the last of so many calls; 0 for none, and where nothing limits them."""
    if calls < 1 or not windows:
        return 0.0
    return (next(islice(moments(windows, start, used), calls - 1, None)) - start) / SECOND


def tightest(windows: Sequence[Window], calls: int, start: int, used: Mapping[int, int] | None = None) -> Window | None:
    """The window that alone would make the calls take longest; None where none makes them wait."""
    waits = {window: least_seconds((window,), calls, start, used) for window in windows}
    slowest = max(waits, key=waits.__getitem__, default=None)
    return slowest if slowest is not None and waits[slowest] > 0 else None


def _aligned(window: Window, index: int, calls: int, moment: int) -> int:
    here = moment // window.micros
    if moment > (here + 1) * window.micros - window.closing:
        here += 1
    if here == index and calls >= window.calls:
        here += 1
    return max(moment, here * window.micros + window.opening)
