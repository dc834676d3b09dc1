"""What a goal takes at known rates, and what is left of it under caps, credits and the people there are."""

from collections import Counter
from dataclasses import replace

import pytest

from leadspiders.ops.plan_data import Plan, Short, Volume
from leadspiders.ops.plan_demand import Price, by_rates, by_rehearsal
from leadspiders.ops.plan_rehearsal import Rehearsed
from leadspiders.ops.plan_wording import bound, missed, short_line
from leadspiders.ops.wording import duration
from leadspiders.providers.apollo import Apollo
from leadspiders.providers.neverbounce import NeverBounce
from leadspiders.rules.plan import Machine, Room, Spread, timing

OFFERS = {"apollo": Apollo().offers(), "neverbounce": NeverBounce().offers()}
PRICES = {
    "apollo/match": Price(credits_each=1.0, usd_per_credit=0.2),
    "apollo/organization": Price(credits_each=1.0, usd_per_credit=0.2),
    "neverbounce/verify": Price(credits_each=1.0, usd_per_credit=0.008),
}
MACHINE = Machine(per_worker=50.0, cores=2, start_seconds=5.0, end_seconds=7.0)


def demand(campaign, *, goal=1_000, ready=0, people=10_000, rooms=()):
    return by_rates(campaign, OFFERS, PRICES, {}, goal=goal, ready=ready, people=people, employers=0, rooms=rooms)


def paid(found, provider="apollo"):
    return next(cost.credits for cost in found.costs if cost.provider == provider)


def planned(campaign, found, *, goal):
    took = timing([], MACHINE, leads=found.asked.likely, workers=1, now=0)
    plan = Plan(
        campaign=campaign.name, sandbox=False, goal=goal, ready=0, workers=1, leads=found.ready, asked=found.asked,
        volumes=[Volume(source="apollo", records=10_000, calls=100, by="asked")], costs=found.costs, timing=took,
        calls={}, rates=found.rates, pace=bound(took, 1, MACHINE), short=found.short,
    )  # fmt: skip
    return missed(plan, found.needed, campaign)


def test_more_people_are_asked_for_than_leads_are_wanted(campaign):
    found = demand(campaign)

    assert found.short is None
    assert found.ready.likely == 1_000
    assert found.asked.low < 1_000 * 1.08 < found.asked.likely < found.asked.high
    assert paid(found).low < paid(found).likely < paid(found).high


def test_leads_that_are_there_are_not_bought(campaign):
    assert demand(campaign, ready=400).asked.likely == pytest.approx(demand(campaign, goal=600).asked.likely)
    assert demand(campaign, ready=1_000).asked.likely == 0
    assert demand(campaign, ready=5_000).asked.likely == 0


def test_a_cap_is_never_passed_and_says_what_it_allows(campaign):
    room = Room(name="budget.credits.apollo", left=500, unit="credits", provider="apollo")

    found = demand(campaign, rooms=[room])

    assert found.short == Short(kind="cap", what="budget.credits.apollo")
    assert paid(found).likely == pytest.approx(500)
    assert paid(found).high == pytest.approx(500)
    assert found.ready.likely < 500
    verdict = planned(campaign, found, goal=1_000).notes[0]
    assert verdict.startswith("1,000 leads need ")
    assert "budget.credits.apollo allows" in verdict
    assert verdict.endswith(f"{found.ready.likely:,.0f} leads.")


def test_a_cap_in_dollars_is_told_in_dollars(campaign):
    found = demand(campaign, rooms=[Room(name="budget.cap_usd", left=100, unit="usd")])

    verdict = planned(campaign, found, goal=1_000).notes[0]
    assert verdict.startswith("1,000 leads need $")
    assert "budget.cap_usd allows $100.00" in verdict


def test_credits_left_at_the_provider_are_told_from_a_cap(campaign):
    room = Room(name="credits left at apollo", left=50, unit="credits", provider="apollo")

    assert demand(campaign, rooms=[room]).short == Short(kind="credits", what="credits left at apollo")


def test_too_few_people_is_said_before_a_cap_that_would_allow_more(campaign):
    found = demand(campaign, people=300, rooms=[Room(name="budget.cap_usd", left=10_000, unit="usd")])

    assert found.short is not None
    assert found.short.kind == "volume"
    assert found.asked.likely == 300
    assert "10,000 people" in planned(campaign, found, goal=1_000).notes[0]


def played(**changed):
    given = {
        "people": 349,
        "asked": 349,
        "ready": 329,
        "credits": {"apollo": 346.0},
        "questions": {"apollo/match": 349},
    }
    return Rehearsed(**(given | changed))


def test_a_rehearsal_of_everybody_is_exact():
    found = by_rehearsal(played(), PRICES, goal=10_000, ready=0)

    assert paid(found) == Spread(346, 346, 346)
    assert found.ready.likely == 329
    assert found.short == Short(kind="volume", what="the people there are")


def test_whom_a_goal_leaves_out_is_a_matter_of_chance():
    found = by_rehearsal(played(ready=300, asked=317, spare=32), PRICES, goal=300, ready=0)

    assert found.short is None
    assert not paid(found).exact


def test_the_cap_that_refused_most_is_named():
    found = by_rehearsal(played(ready=100, refused={"credit-cap apollo": 90, "lead-cap": 2}), PRICES, goal=300, ready=0)

    assert found.short == Short(kind="cap", what="budget.credits.apollo")


def test_a_rehearsal_of_a_part_is_scaled_to_the_goal():
    found = by_rehearsal(
        played(people=22_000, ready=4_500, asked=5_000, whole=False, credits={"apollo": 4_900.0}),
        PRICES, goal=18_000, ready=0,
    )  # fmt: skip

    assert found.ready.likely == pytest.approx(18_000)
    assert paid(found).likely == pytest.approx(19_600)


def test_calls_are_counted_as_they_were_made():
    """A verifier that is not sure at once is asked again, which is no other question."""
    calls = Counter({("hunter", "verifier"): 33, ("apollo", "bulk"): 36})
    whole = by_rehearsal(played(calls=calls), PRICES, goal=300, ready=0)

    assert whole.calls["hunter/verify"] == 33
    assert whole.calls["apollo/match"] == 36
    assert "apollo/organization" not in whole.calls  # the same group: they would count twice


def test_the_short_line_has_time_credits_dollars_and_what_binds(campaign):
    plan = planned(campaign, demand(campaign), goal=1_000)

    assert short_line(plan).startswith(f"plan: {duration(plan.timing.seconds)}, ")
    assert "this machine" in short_line(plan)
    assert "up to 2 workers help" in plan.pace
    assert replace(plan, short=None).fits
