"""Shares: assumed with a wide range until enough was seen, then as seen."""

import pytest

from leadspiders.rules.learning import WHOLE, Yield
from leadspiders.rules.plan_rates import ENOUGH, FOUND, MATCHED, Chance, purchases

EACH = {"apollo/match": 1.0, "hunter/find": 1.0, "neverbounce/verify": 1.0, "hunter/verify": 0.5}
ORDER = {"match": "apollo/match", "finders": ["hunter/find"], "verifiers": ["neverbounce/verify", "hunter/verify"]}


def bought(yields):
    return {one.offer: one for one in purchases(yields, **ORDER, each=EACH)}


def test_what_was_seen_counts_from_fifty_answers_on():
    assert Chance.seen(10, ENOUGH - 1, 0.9) == Chance.assumed(0.9)
    assert Chance.seen(10, ENOUGH, 0.9) == Chance(10, ENOUGH, learnt=True)


def test_the_range_narrows_with_what_is_seen():
    few, many = Chance.seen(45, 50, 0.5).spread, Chance.seen(4_500, 5_000, 0.5).spread

    assert few.low < many.low < 0.9 < many.high < few.high <= 1
    assert many.likely == pytest.approx(0.9, abs=0.001)


def test_each_provider_is_asked_for_what_the_one_before_did_not_bring():
    found = bought({})

    assert found["apollo/match"].asked == 1
    assert found["hunter/find"].asked < 0.15
    assert found["neverbounce/verify"].asked == pytest.approx(MATCHED, abs=0.1)
    assert found["hunter/verify"].asked < 0.2
    assert found["hunter/find"].credits == pytest.approx(FOUND, abs=0.02)
    assert found["hunter/verify"].credits == 0.5  # a verdict is paid for whatever it says
    assert not any(one.learnt for one in found.values())


def test_what_was_learnt_takes_the_place_of_what_was_assumed():
    yields = {
        ("apollo/match", "full_name", WHOLE): Yield(asked=1_000, found=900),
        ("hunter/find", "email", WHOLE): Yield(asked=400, found=100),
    }

    found = bought(yields)

    assert found["apollo/match"].credits == pytest.approx(0.9, abs=0.001)
    assert found["hunter/find"].asked == 0.4
    assert found["hunter/find"].credits == pytest.approx(0.25, abs=0.01)
    assert found["hunter/find"].learnt
    assert not found["neverbounce/verify"].learnt
