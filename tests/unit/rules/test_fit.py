from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.fit import fit

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")
EVERY_VARIANT = [(campaign, variant) for campaign in (MARKETERS, EMPLOYERS) for variant in campaign.scoring.variants]

CONSULTING = Company(name="Example Advice", naics_code="541611", employees=250, decision_makers=3, state="PA")
RESTAURANT = Company(name="Example Diner", naics_code="722511", state="PA", country="United States")


def line(company, reason, *, contact=None, campaign=EMPLOYERS, variant="control"):
    return next(points for points in fit(company, contact, campaign, variant)[1] if points.reason == reason)


@pytest.mark.parametrize("variant", EMPLOYERS.scoring.variants)
def test_consulting_of_good_size_with_decision_makers_scores_above_80(variant):
    assert fit(CONSULTING, None, EMPLOYERS, variant)[0] > 80


@pytest.mark.parametrize("variant", EMPLOYERS.scoring.variants)
@pytest.mark.parametrize("more", [{}, {"employees": 300}, {"naics_code": None, "industry": "Restaurants"}])
def test_a_bare_restaurant_scores_below_40(variant, more):
    assert fit(replace(RESTAURANT, **more), None, EMPLOYERS, variant)[0] < 40


def test_the_additive_form_lists_one_line_a_group():
    score, lines = fit(CONSULTING, None, EMPLOYERS, "control")
    assert [(points.reason, points.points, points.evidence) for points in lines] == [
        ("industry", 40, "40 of 40: NAICS 541611, listed as 5416"),
        ("size", 25, "25 of 25: 250 staff"),
        ("decision makers", 22, "22 of 25: 3 people found"),
        ("place", 8, "8 of 10: PA"),
    ]
    assert score == 95


def test_the_multiplicative_form_starts_at_100_and_each_weakness_takes_away():
    score, lines = fit(CONSULTING, None, EMPLOYERS, "multiplicative")
    assert [(points.reason, points.points) for points in lines] == [
        ("start", 100),
        ("industry", 0),
        ("size", 0),
        ("decision makers", -3),
        ("place", -2),
    ]
    # (22 of 25) to the power of 0.25, times (8 of 10) to the power of 0.10
    assert score == round(100 * 0.88**0.25 * 0.8**0.1) == 95


def test_in_the_multiplicative_form_one_nothing_weakens_the_whole():
    nobody = replace(CONSULTING, decision_makers=0)
    added, multiplied = (fit(nobody, None, EMPLOYERS, variant)[0] for variant in ("control", "multiplicative"))
    assert added == 73
    assert multiplied == round(100 * 0.05**0.25 * 0.8**0.1) == 46


def test_geography_gives_a_preferred_state_more_weight_than_control_does():
    gains = [
        fit(replace(CONSULTING, state="OH"), None, EMPLOYERS, variant)[0] - fit(CONSULTING, None, EMPLOYERS, variant)[0]
        for variant in ("control", "geography")
    ]
    assert gains == [2, 6]


@pytest.mark.parametrize(("found", "points"), [(0, 0), (1, 12), (2, 18), (3, 22), (4, 24), (5, 25), (6, 25), (100, 25)])
def test_decision_makers_are_worth_more_the_more_there_are_up_to_the_cap(found, points):
    assert line(replace(CONSULTING, decision_makers=found), "decision makers").points == points


@pytest.mark.parametrize(
    ("level", "points"), [("manager", 20), ("director", 18), ("c_suite", 12), ("intern", 4), (None, 10)]
)
def test_the_level_of_the_person_counts_where_the_campaign_asks_for_it(level, points):
    contact = Contact(seniority=level)
    assert line(Company(), "seniority", contact=contact, campaign=MARKETERS).points == points


def test_a_company_without_a_person_has_an_unknown_level():
    told = line(Company(), "seniority", campaign=MARKETERS)
    assert (told.points, told.evidence) == (10, "10 of 20: level not known")


def test_marketers_in_an_agency_in_a_priority_metro_fit_best():
    contact = Contact(seniority="manager", metro="New York", state="NY", country="United States")
    agency = Company(company_type="agency", employees=200)
    assert fit(agency, contact, MARKETERS, "control")[0] == 100


companies = st.builds(
    Company,
    naics_code=st.none() | st.from_regex(r"\A[1-9]\d{1,5}\Z") | st.sampled_from(["5416", "722511", "31-33"]),
    industry=st.none() | st.sampled_from(["Restaurants", "Management Consulting", "Lawn care", "?"]),
    employees=st.none() | st.integers(0, 10**6),
    employee_min=st.none() | st.integers(0, 5000),
    employee_max=st.none() | st.integers(0, 5000),
    decision_makers=st.integers(0, 20),
    state=st.none() | st.sampled_from(["OH", "NY", "PR"]),
    country=st.none() | st.sampled_from(["United States", "Canada"]),
    metro=st.none() | st.sampled_from(["New York", "Denver"]),
)
people = st.none() | st.builds(
    Contact, seniority=st.none() | st.sampled_from(["manager", "nonsense"]), metro=st.none() | st.just("Boston")
)


@given(companies, people, st.sampled_from(EVERY_VARIANT))
def test_the_lines_add_up_to_the_score_in_every_variant(company, contact, campaign_and_variant):
    score, lines = fit(company, contact, *campaign_and_variant)
    assert score == sum(points.points for points in lines)
    assert 0 <= score <= 100
    assert all(points.points == int(points.points) and points.reason and points.evidence for points in lines)


@given(companies, st.integers(0, 20), st.sampled_from(EVERY_VARIANT))
def test_one_decision_maker_more_never_lowers_the_score(company, found, campaign_and_variant):
    fewer, more = (
        fit(replace(company, decision_makers=count), None, *campaign_and_variant)[0] for count in (found, found + 1)
    )
    assert more >= fewer


@given(st.integers(1, 20_000), st.sampled_from(EVERY_VARIANT))
def test_no_size_is_worth_more_than_the_sweet_spot(staff, campaign_and_variant):
    any_size, sweet = (
        fit(replace(CONSULTING, employees=count), None, *campaign_and_variant)[0] for count in (staff, 250)
    )
    assert any_size <= sweet
