"""What a plan said beside what came of it, and what the next plan learns from that."""

import pytest

from leadspiders.ops.plan_against import FEW, Compared, Milestones, against, kept
from leadspiders.ops.plan_data import Cost, Plan, Short
from leadspiders.ops.wording import DASH
from leadspiders.rules.plan import Spread, Timing


def exactly(number):
    return Spread(number, number, number)


@pytest.fixture
def plan():
    return Plan(
        campaign="performance_marketers",
        sandbox=True,
        goal=300,
        ready=0,
        workers=1,
        leads=exactly(300),
        asked=exactly(317),
        volumes=[],
        costs=[Cost(provider="apollo", credits=Spread(306, 315, 324), usd_per_credit=0.2)],
        timing=Timing(seconds=80.0, steps=[], slowest=None, workers_that_help=2),
        calls={"apollo": 40},
        rates="assumed",
        pace="this machine",
        short=Short(kind="cap", what="budget.credits.apollo"),
        notes=("300 leads can be reached.",),
    )


def test_each_figure_of_either_side_has_a_line(plan):
    found = against(plan, seconds=88.0, calls={"apollo": 40, "hunter": 3}, credits={"apollo": 315.0}, usd=60.0)

    assert [one.words() for one in found] == [
        ("time", "80 s", "88 s", "+10.0 %"),
        ("apollo calls", "40", "40", "as planned"),
        ("hunter calls", "0", "3", DASH),
        ("apollo credits", "315", "315", "as planned"),
        ("dollars", "$63.00", "$60.00", "-4.8 %"),
    ]


def test_less_than_planned_is_negative():
    assert Compared(what="time", unit="seconds", forecast=exactly(100), actual=75).difference == -0.25


def test_what_is_kept_with_a_run_can_be_written_as_json(plan):
    assert kept(plan)["credits"] == {"apollo": {"low": 306, "likely": 315, "high": 324}}
    assert kept(plan)["short"] == {"kind": "cap", "what": "budget.credits.apollo"}


def watched(status, bought):
    """A run that sees its first record after 6 s and buys its last lead after 16."""
    seen = Milestones()
    leads, source = status["leads"], status["sources"]["apollo"]
    for elapsed, records, enriched in (
        (1, 0, 0),
        (6, 100, 0),
        (12, 400, bought // 2),
        (16, 400, bought),
        (20, 400, bought),
    ):
        now = status | {"seen": records, "leads": leads | {"enriched": 0, "ready": enriched}}
        seen.note(elapsed, now | {"sources": {"apollo": source | {"seen": records}}})
    return seen


def test_a_run_measures_how_long_it_takes_to_start_and_to_end_and_how_fast_it_is(status):
    found = watched(status, 400).measured(22.0, workers=1, cores=2, paced=False)

    assert found == {"seconds": 22.0, "start_seconds": 6.0, "end_seconds": 6.0, "per_worker": 40.0}


def test_workers_beyond_the_cores_do_not_count(status):
    assert watched(status, 400).measured(22.0, workers=8, cores=2, paced=False)["per_worker"] == 20.0


def test_a_run_that_a_limit_held_up_does_not_tell_how_fast_the_machine_is(status):
    assert "per_worker" not in watched(status, 400).measured(22.0, workers=1, cores=2, paced=True)


def test_too_few_purchases_tell_nothing(status):
    assert watched(status, FEW - 1).measured(22.0, workers=1, cores=2, paced=False) == {}
