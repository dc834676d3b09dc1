"""Against a generated truth, little is merged that is two, and most of what is one."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "identity.py"

LEAST = {"companies": 0.85, "people": 0.8}


@pytest.fixture(scope="module")
def figures():
    return runpy.run_path(str(BENCHMARK))["measure"](400)["ours"]


@pytest.mark.parametrize("kind", ["companies", "people"])
def test_precision_and_recall(figures, kind):
    assert figures[kind]["precision"] >= 0.99
    assert figures[kind]["recall"] >= LEAST[kind]


def test_the_grey_zone_is_small_and_holds_some_that_are_one(figures):
    review = figures["companies"]["review"]
    assert 0 < review["one"] <= review["pairs"] < 80
