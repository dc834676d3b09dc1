from datetime import UTC, datetime

import pytest

from leadspiders.ops.verdict import SANDBOX_NOTE, verdict

ALL_SENT = {"hubspot": {"sent": 2010}}


def judge(status, campaign, **changed):
    given = {"goal": 2000, "hours": 1.3, "delivered": ALL_SENT} | changed
    return verdict(status, campaign, **given)


def line(judged, name):
    return next(check for check in judged.lines if check.name == name)


def test_a_run_that_did_everything_is_reached(status, campaign):
    judged = judge(status, campaign)

    assert judged.reached
    assert judged.tone == "good"
    assert judged.headline == "Goal reached: 2,010 of 2,000 leads are ready in 1 h 18 min."
    assert not judged.notes


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("rate_per_hour", 833, "leads an hour"),
        ("quality_avg", 74.9, "quality, average"),
        ("spend_usd", 10_000.01, "spent"),
        ("balanced", False, "ledger"),
        ("errors", 115, "errors"),
    ],
)
def test_each_goal_can_be_missed_on_its_own(status, campaign, key, value, name):
    judged = judge(status | {key: value}, campaign)

    assert line(judged, name).met is False
    assert not judged.reached
    assert judged.tone == "mixed"
    assert name in judged.headline


def test_too_few_leads_is_the_headline_whatever_else_is_missed(status, campaign):
    judged = judge(status | {"balanced": False}, campaign, goal=2011)

    assert judged.tone == "bad"
    assert judged.headline == "Goal not reached: 2,010 of 2,011 leads are ready in 1 h 18 min."


def test_a_qualified_lead_costs_less_than_the_goal_not_as_much(status, campaign):
    status["leads"]["qualified"] = 1000

    assert line(judge(status | {"spend_usd": 600.0}, campaign), "cost of a qualified lead").met is False
    assert line(judge(status | {"spend_usd": 599.0}, campaign), "cost of a qualified lead").met is True


@pytest.mark.parametrize(
    ("delivered", "met"),
    [
        ({}, None),
        ({"hubspot": {}}, None),
        ({"hubspot": {"sent": 99, "dead": 1}}, True),
        ({"hubspot": {"sent": 19, "dead": 1}}, False),
        ({"hubspot": {"sent": 99, "pending": 1}}, False),
    ],
)
def test_delivered_means_nothing_waits_and_few_were_refused(status, campaign, delivered, met):
    assert line(judge(status, campaign, delivered=delivered), "delivered").met is met


def test_nothing_measured_is_neither_met_nor_missed(status, campaign):
    status["leads"] = dict.fromkeys(status["leads"], 0)
    judged = judge(status | {"quality_avg": None, "seen": 0, "errors": 0}, campaign, delivered={})

    unmeasured = [line(judged, name) for name in ("quality, average", "cost of a qualified lead", "errors")]
    assert [check.met for check in unmeasured] == [None] * 3
    assert {check.mark for check in unmeasured} == {"not yet"}
    assert line(judged, "duplicates, merged").mark == "no goal"


def test_a_day_goal_is_judged_by_pace_until_the_day_has_passed(status, campaign):
    goals = campaign.goals.model_copy(update={"qualified_per_day": 100})
    daily = campaign.model_copy(update={"goals": goals})
    status["leads"]["qualified"] = 50

    assert line(judge(status, daily, hours=12), "qualified").met is True
    assert line(judge(status, daily, hours=13), "qualified").met is False
    status["leads"]["qualified"] = 100
    assert line(judge(status, daily, hours=1), "qualified").met is True
    assert line(judge(status, daily, hours=48), "qualified").met is False


def test_goals_of_companies_show_only_where_the_campaign_has_them(status, campaign):
    goals = campaign.goals.model_copy(update={"companies_per_hour": 400, "cost_per_enriched_usd": 5.0})

    names = {check.name for check in judge(status, campaign).lines}
    judged = judge(status, campaign.model_copy(update={"goals": goals}))

    assert not names & {"companies an hour", "cost of an enriched lead"}
    assert line(judged, "companies an hour").met is False
    assert line(judged, "cost of an enriched lead").met is True


def test_sandbox_figures_and_forecasts_are_named_as_what_they_are(status, campaign):
    judged = judge(status, campaign, sandbox=True, forecast=2200)

    assert judged.notes == (SANDBOX_NOTE, "The plan expected 2,200 leads; 2,010 are ready.")


def test_a_closed_api_is_named_with_the_time_at_which_it_is_open_again(status, campaign):
    judged = judge(status, campaign, closed={"sam_gov": datetime(2026, 11, 23, tzinfo=UTC)})

    assert judged.notes == (
        "sam_gov is not asked before 2026-11-23 00:00 UTC: its quota is used up, or its key was refused.",
    )


def test_market_cells_are_no_duplicates_and_were_no_leads(status, campaign):
    cells = {"seen": 10_000, "pending": 0, "stored": 9_000, "merged": 1_000}
    sources = status["sources"] | {"bls": cells}
    judged = judge(
        status | {"sources": sources, "seen": status["seen"] + 10_000, "merged": status["merged"] + 1_000}, campaign
    )

    assert line(judged, "duplicates, merged").measured == "88 (3.8 % of seen)"
