"""The arithmetic of a plan: the longest step decides, caps hold, and workers only ever help."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.rules.pace import SECOND, Window
from leadspiders.rules.plan import Machine, Room, Step, affordable, merged, spelled, timing

NOW = 1_763_769_600 * SECOND
MACHINE = Machine(per_worker=50.0, cores=2, start_seconds=5.0, end_seconds=7.0)
MATCH = Step(what="match", api="apollo", group="bulk", calls=30, windows=(Window(5, 10 * SECOND),))
SEARCH = Step(what="search", api="apollo", group="search", calls=4, windows=(Window(1, 2 * SECOND, gap=True),))
CREDITS = st.just(0.0) | st.floats(0.001, 3)


def took(*steps, leads=100, workers=1, machine=MACHINE):
    return timing(steps, machine, leads=leads, workers=workers, now=NOW)


def test_steps_overlap_so_that_the_longest_decides():
    found = took(SEARCH, MATCH)

    assert found.seconds == pytest.approx(5 + 5 * 10.2 + 7)
    assert found.slowest.step == MATCH
    assert took(MATCH).seconds == found.seconds


def test_the_machine_decides_where_no_limit_does():
    found = took(SEARCH, leads=1_000)

    assert found.slowest is None
    assert found.seconds == 5 + 1_000 / 50 + 7


def test_workers_beyond_the_cores_or_the_limit_do_nothing():
    assert took(SEARCH, leads=1_000).workers_that_help == 2
    assert took(MATCH).workers_that_help == 1
    assert took(leads=1_000, workers=2).seconds == took(leads=1_000, workers=9).seconds


@given(st.floats(0, 1e5), st.integers(1, 8), st.integers(0, 300), st.floats(0.5, 500))
def test_another_worker_never_slows_it(leads, workers, calls, pace):
    machine, step = replace(MACHINE, per_worker=pace, cores=4), replace(MATCH, calls=calls)

    one, more = (took(step, leads=leads, workers=n, machine=machine).seconds for n in (workers, workers + 1))

    assert more <= one


def test_steps_of_one_group_take_turns():
    both = merged([MATCH, SEARCH, replace(MATCH, what="organization", calls=10)])

    assert [(one.group, one.calls) for one in both] == [("bulk", 40), ("search", 4)]


@given(
    st.lists(st.tuples(st.sampled_from(["usd", "credits"]), st.floats(0, 1e4), st.sampled_from([None, "a", "b"]))),
    st.fixed_dictionaries({"a": CREDITS, "b": CREDITS}),
)
def test_what_is_affordable_passes_no_cap(caps, each):
    prices = {"a": 0.2, "b": 0.01}
    rooms = [
        Room(name=f"{unit} {place}", left=left, unit=unit, provider=provider if unit == "usd" else provider or "a")
        for place, (unit, left, provider) in enumerate(caps)
    ]

    leads, room = affordable(rooms, each, prices)

    assert room in rooms or leads == float("inf")
    for one in rooms if room else ():
        names = [one.provider] if one.provider else list(each)
        spent = sum(each[name] * leads * (prices[name] if one.unit == "usd" else 1) for name in names)
        assert spent <= one.left * (1 + 1e-9) + 1e-9


def test_the_tightest_cap_is_named():
    rooms = [Room(name="dollars", left=100, unit="usd"), Room(name="credits", left=200, unit="credits", provider="a")]

    assert affordable(rooms, {"a": 1.0}, {"a": 0.2}) == (200, rooms[1])
    assert affordable(rooms, {"a": 1.0}, {"a": 2.0}) == (50, rooms[0])


def test_windows_are_spelled_as_people_say_them():
    assert spelled(Window(100, 60 * SECOND)) == "100 calls a minute"
    assert spelled(Window(5, 10 * SECOND)) == "5 calls in 10 s"
    assert spelled(Window(1, 2 * SECOND, gap=True)) == "a pause of 2 s between two calls"
