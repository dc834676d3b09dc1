"""The arithmetic of the pace: never more than a window allows, and all that it allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.apis.http import Limit
from leadspiders.errors import ArgumentError
from leadspiders.rules.pace import (
    SECOND,
    Book,
    Window,
    gap,
    latest,
    put_off,
    read_limits,
    reserve,
    share,
    slack_after,
    windows_of,
)

START = 1_800_000_000 * SECOND


def moments(windows: list[Window], asked: list[int]) -> list[int]:
    book = Book()
    return [reserve(book, windows, now) for now in asked]


def most_in(made: list[int], window: Window) -> int:
    """The highest count in any window that the declaration means."""
    if window.aligned:
        return max(sum(one // window.micros == index for one in made) for index in {m // window.micros for m in made})
    return max(sum(first <= one < first + window.micros for one in made) for first in made)


some_windows = st.lists(
    st.builds(
        Window,
        calls=st.integers(1, 12),
        micros=st.integers(1, 30).map(lambda tenths: tenths * SECOND // 10),
        aligned=st.booleans(),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda window: (window.micros, window.aligned),
)
some_times = st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=60).map(
    lambda steps: [START + sum(steps[: n + 1]) // 4 for n in range(len(steps))]
)


@given(some_windows, some_times)
def test_no_window_ever_holds_more_than_it_allows(windows: list[Window], asked: list[int]) -> None:
    made = moments(windows, asked)
    assert all(moment >= now for moment, now in zip(made, asked, strict=True))
    for window in windows:
        assert most_in(made, window) <= window.calls


@given(some_windows, some_times, st.data())
def test_nor_does_it_when_calls_arrive_late_by_what_is_tolerated(
    windows: list[Window], asked: list[int], data: st.DataObject
) -> None:
    made = moments(windows, asked)
    for window in windows:
        late = min(window.closing, window.margin)
        arrived = [one + data.draw(st.integers(0, late - 1)) if late else one for one in made]
        assert most_in(arrived, window) <= window.calls


@given(some_windows, some_times, st.data())
def test_nor_does_it_when_calls_are_put_off_that_were_held_up(
    windows: list[Window], asked: list[int], data: st.DataObject
) -> None:
    book, slots = Book(), list[tuple[int, int]]()
    for now in asked:
        slots.append((reserve(book, windows, now), 0))
        place = data.draw(st.integers(0, len(slots) - 1))
        late = slots[place][0] + data.draw(st.integers(0, SECOND))
        if slots[place][0] >= now - SECOND and late >= now:  # one that has not been sent yet
            slack = slack_after(data.draw(st.integers(0, 3)))
            moved = put_off(book, windows, slots[place], late, slack)
            slots[place] = (moved, slack) if moved else slots[place]
    for window in windows:
        ends = [min(latest([window], *slot), slot[0] + slot[1]) for slot in slots]
        assert most_in(ends, window) <= window.calls


def test_a_call_keeps_its_place_as_long_as_nobody_counts_on_it() -> None:
    windows, book = [Window(2, SECOND)], Book()
    first = reserve(book, windows, START)
    reserve(book, windows, START)
    assert put_off(book, windows, (first, 0), START + 40_000) == START + 40_000
    third = reserve(book, windows, START)
    assert third > START + SECOND
    fourth = reserve(book, windows, START)
    assert put_off(book, windows, (START, 0), START + 50_000) is None  # the third was promised after it
    assert fourth > START + SECOND + 40_000


def test_a_promise_holds_to_the_end_of_a_clock_window_or_for_half_the_margin() -> None:
    minute, rolling = Window(10, 60 * SECOND, aligned=True), Window(10, 10 * SECOND)
    assert latest([minute], START) == START + 60 * SECOND - minute.closing // 2
    assert latest([minute, rolling], START) == START + rolling.margin // 2
    assert latest([rolling], START, slack_after(2)) == START + rolling.margin // 2 + slack_after(2)
    assert slack_after(0) == 0 < slack_after(1) < slack_after(2) <= slack_after(9)


@pytest.mark.parametrize("window", [Window(100, 10 * SECOND), Window(200, 60 * SECOND, aligned=True)])
def test_who_always_wants_gets_98_percent(window: Window) -> None:
    made = moments([window], [START] * window.calls * 10)
    windows_passed = -(-(made[-1] - START + 1) // window.micros)
    assert len(made) >= 0.98 * window.calls * windows_passed


def test_a_burst_may_use_the_whole_window_at_once() -> None:
    made = moments([Window(5, 60 * SECOND)], [START] * 6)
    assert made[:5] == [START] * 5
    assert made[5] > START + 60 * SECOND


def test_the_ends_of_a_clock_window_are_left_alone() -> None:
    minute = Window(10, 60 * SECOND, aligned=True)
    assert moments([minute], [START + 60 * SECOND - 1]) == [START + 60 * SECOND + minute.opening]


def test_a_pause_lies_between_any_two_calls() -> None:
    assert moments([*gap(2.0)], [START] * 3) == [START, START + 2 * SECOND, START + 4 * SECOND]
    assert gap(0) == ()


def test_a_held_book_promises_nothing_before_its_time() -> None:
    assert reserve(Book(held_until=START + 7), [Window(1, SECOND)], START) == START + 7


def test_a_worker_alone_takes_its_share_and_at_least_a_tenth() -> None:
    minute = Window(200, 60 * SECOND)
    assert [share([minute], workers)[0].calls for workers in (1, 4, 50, 0)] == [200, 50, 20, 20]
    (rare,) = share([Window(5, 10 * SECOND)], 10)
    assert (rare.calls, rare.micros) == (1, 20 * SECOND)


def test_a_group_without_limits_of_its_own_has_the_default_ones() -> None:
    limits = [Limit(group="default", calls=5, seconds=86_400), Limit(group="bulk", calls=2, seconds=1, aligned=True)]
    assert windows_of(limits, "bulk") == (Window(2, SECOND, aligned=True),)
    assert windows_of(limits, "search") == (Window(5, 86_400 * SECOND, aligned=True),)


def test_limits_are_read_and_wrong_ones_named() -> None:
    read = read_limits("apollo.search=50/60 200/3600; sam_gov.default=10/86400")
    assert [(limit.calls, limit.seconds) for limit in read["apollo", "search"]] == [(50, 60), (200, 3600)]
    assert read["sam_gov", "default"][0].calls == 10
    with pytest.raises(ArgumentError, match=r"apollo=50"):
        read_limits("apollo=50")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sam_gov.default=0/86400", "at least 1"),
        ("apollo.search=5/0", "at least 1"),
        ("apollo.search=5/60 0/3600", "at least 1"),
        ("apolo.search=5/60", "no API is called 'apolo'"),
        ("apollo.serch=5/60", "apollo has no group 'serch'"),
    ],
)
def test_a_limit_that_would_never_open_or_holds_for_nobody_is_refused(text: str, word: str) -> None:
    with pytest.raises(ArgumentError, match=word):
        read_limits(text)
