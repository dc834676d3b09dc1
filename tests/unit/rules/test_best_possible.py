from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.best_possible import best_fit, best_quality, not_worth_it
from leadspiders.rules.scores import scores

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")

RESTAURANT = Company(name="Example Diner", naics_code="722511", state="PA", country="United States")
CONSULTING = Company(name="Example Advice", naics_code="541611", state="PA", country="United States")

maybe = {
    "industry": st.sampled_from([None, "Restaurants", "Management Consulting", "Software", "Poultry"]),
    "company_type": st.sampled_from([None, "law firm", "agency"]),
    "naics_code": st.sampled_from([None, "541611", "722511", "311615", "99"]),
    "employees": st.sampled_from([None, 30, 50, 90, 250, 700, 1200, 5000]),
    "state": st.sampled_from([None, "OH", "PA"]),
    "metro": st.sampled_from([None, "Chicago"]),
    "country": st.sampled_from([None, "United States", "Canada"]),
}
companies = st.builds(
    Company,
    name=st.sampled_from([None, "Example Advice", "Example Diner"]),
    decision_makers=st.integers(0, 2),
    website=st.sampled_from([None, "https://example.com"]),
    **maybe,
)
people = st.builds(
    Contact,
    full_name=st.sampled_from([None, "Ada Example"]),
    title=st.sampled_from([None, "CFO", "PPC Manager", "Gardener"]),
    seniority=st.sampled_from([None, "c_suite", "entry"]),
    email=st.sampled_from([None, "ada@example.com"]),
    email_status=st.sampled_from([None, "valid", "invalid", "risky"]),
    city=st.sampled_from([None, "Chicago"]),
    company=companies,
    **{name: maybe[name] for name in ("state", "metro", "country")},
)


def filled(known, more):
    """What is known stays, what is not comes from the other: no fact is taken back."""
    gains = {
        name: getattr(more, name)
        for name in known.__slots__
        if getattr(known, name) is None and name not in {"company", "scores", "origin", "id"}
    }
    return replace(known, **gains)


@pytest.mark.parametrize("campaign", [MARKETERS, EMPLOYERS], ids=lambda campaign: campaign.name)
@given(known=people, more=people, found=st.integers(0, 9))
def test_no_enrichment_of_a_person_ends_above_the_best_possible(campaign, known, more, found):
    after = filled(known, more)
    after.company = filled(known.company, more.company)
    after.company.decision_makers = known.company.decision_makers + found
    if more.email_status == "valid" or known.email is None:
        after.email, after.email_status = more.email, more.email_status
    made = scores(after, campaign)
    assert made.quality <= best_quality(known, campaign)
    assert made.fit <= best_fit(known, campaign)


@given(known=companies, more=companies, found=st.integers(0, 9))
def test_no_enrichment_of_an_employer_ends_above_the_best_possible(known, more, found):
    after = filled(known, more)
    after.decision_makers = known.decision_makers + found
    assert scores(after, EMPLOYERS).fit <= best_fit(known, EMPLOYERS)
    assert scores(after, EMPLOYERS).quality <= best_quality(known, EMPLOYERS)


@pytest.mark.parametrize(("low", "high"), [(None, 99), (51, 200), (501, 1000), (1001, None), (1300, None)])
@given(staff=st.integers(1, 3000))
def test_a_head_count_within_a_known_range_is_never_worth_more_than_the_best_of_the_range(low, high, staff):
    known = replace(CONSULTING, employee_min=low, employee_max=high)
    if (low or 0) <= staff <= (high or 3000):
        assert scores(replace(known, employees=staff), EMPLOYERS).fit <= best_fit(known, EMPLOYERS)


def test_a_restaurant_can_never_qualify_and_a_consultancy_can():
    best = best_fit(RESTAURANT, EMPLOYERS)
    assert not_worth_it(RESTAURANT, EMPLOYERS) == f"fit reaches {best} at best, more than 80 is needed"
    assert not_worth_it(CONSULTING, EMPLOYERS) is None


def test_a_masked_person_at_an_unknown_employer_is_worth_asking_about():
    masked = Contact(provider_key="apollo:1", first_name="Ada", title="CFO", company=Company(name="Example"))
    assert not_worth_it(masked, EMPLOYERS) is None
    assert not_worth_it(masked, MARKETERS) is None


@pytest.mark.parametrize("staff", [50, 99, 250, 1200])
def test_the_best_possible_is_reached_when_all_people_are_found(staff):
    known = replace(CONSULTING, employees=staff)
    assert best_fit(known, EMPLOYERS) == scores(replace(known, decision_makers=5), EMPLOYERS).fit
