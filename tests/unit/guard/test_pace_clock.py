"""A worker reads Redis' clock through answers that may have lain about."""

from leadspiders.guard.pace_clock import Clock
from leadspiders.rules.pace import SECOND

AHEAD = 1_000  # seconds that Redis' clock is ahead of the worker's


def told(at: float) -> int:
    return round((AHEAD + at) * SECOND)


def test_an_answer_that_lay_about_makes_no_call_late_unnoticed() -> None:
    clock = Clock()
    clock.heard(10.0, 10.002, told(10.001))
    clock.heard(11.0, 11.5, told(11.001))  # the process was held up
    assert abs(clock.surely_at(told(12.0)) - 12.0) < 0.003
    assert abs(clock.perhaps_at(told(12.0)) - 12.0) < 0.003
    assert clock.trip == 0.5


def test_of_one_slow_answer_the_worst_is_believed_both_ways() -> None:
    clock = Clock()
    clock.heard(10.0, 10.5, told(10.1))
    assert clock.perhaps_at(told(20.0)) < 20.0 < clock.surely_at(told(20.0))
    assert abs(clock.surely_at(told(20.0)) - clock.perhaps_at(told(20.0)) - 0.5) < 0.001


def test_a_clock_that_is_set_anew_is_believed_at_once() -> None:
    clock = Clock()
    clock.heard(10.0, 10.001, told(10.0))
    clock.heard(11.0, 11.001, told(11.0) + 3_600 * SECOND)
    assert abs(clock.surely_at(told(12.0) + 3_600 * SECOND) - 12.0) < 0.01
