"""The shortest time that a plan promises is one that the pace can keep, and no shorter."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.rules.least_time import least_seconds, moments, tightest
from leadspiders.rules.pace import SECOND, Book, Window, reserve

START = 1_763_769_600 * SECOND + 17 * SECOND


@st.composite
def windows(draw):
    """One or two limits of distinct lengths, as providers have them, and at times a pause of ours."""
    lengths = draw(st.lists(st.sampled_from([1, 2, 10, 60, 300]), min_size=1, max_size=2, unique=True))
    found = [Window(draw(st.integers(1, 12)), length * SECOND, draw(st.booleans())) for length in lengths]
    if draw(st.booleans()):
        found.append(Window(1, draw(st.integers(1, 3_000)) * 1_000, gap=True))
    return tuple(found)


@given(windows(), st.integers(1, 60), st.integers(0, 3_600))
def test_it_is_what_the_pace_does(limits, calls, later):
    start, book = START + later * SECOND, Book()
    paced, now = [], start
    for _ in range(calls):
        now = reserve(book, limits, now)
        paced.append(now)

    assert list(islice(moments(limits, start), calls)) == paced


@given(windows(), st.integers(2, 80))
def test_no_window_ever_holds_more_calls_than_it_allows(limits, calls):
    times = list(islice(moments(limits, START), calls))

    for window in limits:
        if window.aligned:
            assert max(Counter(time // window.micros for time in times).values()) <= window.calls
        else:
            gaps = [late - early for early, late in zip(times, times[window.calls :], strict=False)]
            assert all(gap >= window.micros for gap in gaps)


@given(windows(), st.integers(0, 60), st.integers(1, 20))
def test_more_calls_never_take_less(limits, calls, more):
    assert least_seconds(limits, calls, START) <= least_seconds(limits, calls + more, START)


def test_calls_made_before_take_their_room():
    minute = Window(10, 60 * SECOND, aligned=True)

    assert least_seconds([minute], 10, START) == 0
    assert least_seconds([minute], 1, START, {60 * SECOND: 10}) == pytest.approx(43.25)


def test_the_window_that_is_to_blame_is_named():
    minute, day = Window(100, 60 * SECOND, aligned=True), Window(150, 86_400 * SECOND, aligned=True)

    assert tightest([minute, day], 120, START) == minute
    assert tightest([minute, day], 151, START) == day
    assert tightest([minute, day], 5, START) is None
    assert tightest([], 5, START) is None
