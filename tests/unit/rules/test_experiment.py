"""Whether one variant converts better is said only once there is enough to say so."""

from random import Random

import pytest

from leadspiders.rules.experiment import Arm, judge, needed


def arm(name: str, won: int, outcomes: int) -> Arm:
    return Arm(name=name, outcomes=outcomes, won=won)


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), method 3: 15 of 148 lies between 6.24 % and 16.05 %... without a correction for continuity.
    low, high = arm("a", 15, 148).interval() or (0.0, 0.0)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    assert arm("a", 0, 0).interval() is None


def test_the_outcomes_needed_are_those_of_the_textbook() -> None:
    # 10 % against 12.5 % at 80 % power and a two-sided 5 %: some 2,500 a side (Fleiss, without continuity correction).
    each = needed(arm("a", 100, 1000), arm("b", 100, 1000))
    assert 2_400 < each < 2_600


def test_too_early_says_how_many_are_missing() -> None:
    control, other = arm("control", 100, 1000), arm("b", 140, 1000)
    (verdict,) = judge(control, [other])
    assert verdict.outcome == "too-early"
    assert verdict.missing == 2 * (needed(control, other) - 1000)
    assert verdict.sentence == f"too early: {verdict.missing:,} more outcomes"


@pytest.mark.parametrize(
    ("won", "outcome", "word"),
    [(700, "better", "better than control, by 4.0 points"), (300, "worse", "worse"), (505, "no-difference", "alike")],
)
def test_enough_outcomes_have_a_plain_verdict(won: int, outcome: str, word: str) -> None:
    (verdict,) = judge(arm("control", 500, 5000), [arm("b", won, 5000)])
    assert (verdict.outcome, verdict.missing) == (outcome, 0)
    assert word in verdict.sentence
    low, high = verdict.interval or (0.0, 0.0)
    assert low < (verdict.difference or 0.0) < high


def test_nothing_known_is_no_error() -> None:
    (verdict,) = judge(arm("control", 0, 0), [arm("b", 0, 0)])
    assert verdict.outcome == "too-early"
    assert verdict.missing > 0
    assert judge(arm("control", 5, 10), []) == []


def test_equals_are_seldom_called_different() -> None:
    dice = Random(3)
    false = 0
    for _ in range(200):
        sides = [sum(dice.random() < 0.1 for _ in range(3000)) for _ in range(2)]
        (verdict,) = judge(arm("control", sides[0], 3000), [arm("b", sides[1], 3000)])
        false += verdict.outcome in {"better", "worse"}
    assert false <= 20  # 5 % are 10; 20 or more of 200 happen once in 500 seeds
