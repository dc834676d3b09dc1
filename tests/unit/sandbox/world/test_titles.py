"""Which titles a search brings."""

import random

import pytest

from leadspiders.sandbox.world import titles


@pytest.mark.parametrize(
    ("title", "wanted", "strict", "similar"),
    [
        ("PPC Manager", "PPC Manager", True, True),
        ("Sr. PPC Manager", "ppc manager", True, True),
        ("PPC MANAGER", "PPC Manager", True, True),
        ("Senior Paid Media Manager", "Sr Paid Media Manager", True, True),
        ("Pay Per Click Manager", "PPC Manager", False, True),
        ("Chief Financial Officer", "CFO", False, True),
        ("Director of Human Resources", "HR Director", False, True),
        ("Brand Marketing Manager", "Growth Marketing Manager", False, True),
        ("Software Engineer", "PPC Manager", False, False),
        ("Media Buyer", "Media Buyer Lead", False, False),
    ],
)
def test_matches(title: str, wanted: str, strict: bool, similar: bool) -> None:
    assert titles.matches(title, wanted, similar=False) is strict
    assert titles.matches(title, wanted, similar=True) is similar


def test_every_spelling_of_a_target_is_found_again() -> None:
    rng = random.Random(0)
    for _ in range(500):
        target = rng.choice(titles.TARGETS)
        assert titles.matches(titles.written(rng, target), target, similar=True)
