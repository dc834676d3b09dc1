from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.quality import email_state, quality

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")


def full(**changes):
    company = Company(
        name="Example Shop",
        domain="shop.example.com",
        industry="Retail",
        employees=120,
        phone="+12125550101",
        **changes.pop("company", {}),
    )
    contact = Contact(
        full_name="Dana Field",
        linkedin_url="https://www.linkedin.com/in/example-dana-field",
        title="PPC Manager",
        email="dana.field@shop.example.com",
        email_status="valid",
        city="Brooklyn",
        state="NY",
        country="United States",
        metro="New York",
        company=company,
    )
    return replace(contact, **changes)


def line(contact, reason, campaign=MARKETERS):
    return next(points for points in quality(contact, campaign)[1] if points.reason == reason)


def test_a_lead_of_which_all_is_known_scores_100_in_five_lines():
    score, lines = quality(full(), MARKETERS)
    assert score == 100
    assert [(points.reason, points.points) for points in lines] == [
        ("required fields", 30),
        ("e-mail", 30),
        ("company data", 20),
        ("title", 10),
        ("location", 10),
    ]


def test_a_lead_of_which_nothing_is_known_scores_0_and_says_what_is_missing():
    score, lines = quality(Contact(), MARKETERS)
    assert score == 0
    assert lines[0].evidence == ("0 of 30: missing: full name, LinkedIn URL, title, company name, city, state")


@pytest.mark.parametrize("field", ["full_name", "linkedin_url", "city", "state"])
def test_each_required_field_is_worth_5(field):
    assert line(full(**{field: None}), "required fields").points == 25


def test_a_missing_company_name_and_title_cost_5_each():
    assert line(full(company={"legal_name": "x"}), "required fields").points == 30
    contact = full(title=None)
    contact.company.name = None
    assert line(contact, "required fields").points == 20


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 30),
        ({"email_status": "risky"}, 15),
        ({"email_status": "unknown"}, 10),
        ({"email_status": None}, 10),
        ({"email_status": "invalid"}, 0),
        ({"flags": ["email-invalid"]}, 0),
        ({"flags": ["email-role"]}, 0),
        ({"flags": ["email-free"]}, 30),
        ({"email": None}, 0),
        ({"email": None, "email_status": None}, 0),
    ],
)
def test_points_for_the_address(changes, points):
    assert line(full(**changes), "e-mail").points == points


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "valid"),
        ({"email_status": None}, "unknown"),
        ({"email": None}, None),
        ({"flags": ["email-invalid"]}, "invalid"),
        ({"email": None, "flags": ["email-invalid"]}, "invalid"),
        ({"email": None, "email_status": "invalid"}, "invalid"),
    ],
)
def test_what_is_known_of_an_address(changes, state):
    assert email_state(full(**changes)) == state


@pytest.mark.parametrize("missing", [{"domain": None}, {"industry": None}, {"employees": None}, {"phone": None}])
def test_each_part_of_the_company_is_worth_5(missing):
    contact = full()
    assert line(replace(contact, company=replace(contact.company, **missing)), "company data").points == 15


@pytest.mark.parametrize(
    "instead",
    [
        {"domain": None, "website": "https://shop.example.com"},
        {"industry": None, "naics_code": "44"},
        {"industry": None, "company_type": "retail"},
        {"employees": None, "employee_min": 51, "employee_max": 200},
        {"phone": None, "linkedin_url": "https://www.linkedin.com/company/example-shop"},
        {"phone": None, "street": "12 Mill St"},
    ],
)
def test_another_field_that_says_the_same_counts_as_well(instead):
    contact = full()
    assert line(replace(contact, company=replace(contact.company, **instead)), "company data").points == 20


@pytest.mark.parametrize(
    ("title", "points"),
    [
        ("PPC Manager", 10),
        ("ppc  MANAGER", 10),
        ("Senior PPC Manager", 7),
        ("Manager, Paid Media", 7),
        ("Digital Marketing Mgr", 10),
        ("Manager", 0),
        ("Chief Executive Officer", 0),
        (None, 0),
    ],
)
def test_points_for_the_title(title, points):
    assert line(full(title=title), "title").points == points


def test_a_campaign_without_titles_takes_any():
    anyone = MARKETERS.model_copy(update={"target": MARKETERS.target.model_copy(update={"titles": ()})})
    assert line(full(title="Baker"), "title", anyone).points == 10


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 10),
        ({"metro": None, "city": "Albany"}, 6),
        ({"metro": None, "city": None}, 6),
        ({"metro": None, "state": None}, 3),
        ({"country": "Canada", "metro": None, "state": None, "city": "Toronto"}, 0),
        ({"country": None}, 7),
        ({"country": None, "state": None, "city": None, "metro": None}, 0),
    ],
)
def test_points_for_the_place(changes, points):
    assert line(full(**changes), "location").points == points


def test_where_the_place_of_the_person_is_not_known_that_of_the_company_counts():
    place = {"city": "Austin", "state": "TX", "country": "United States", "metro": "Austin"}
    contact = full(city=None, state=None, country=None, metro=None, company=place)
    told = line(contact, "location")
    assert told.points == 10
    assert told.evidence == "10 of 10: Austin, TX, United States"


def test_where_no_metro_has_priority_the_city_counts():
    assert line(full(metro=None, city="Dayton"), "location", EMPLOYERS).points == 10
    assert line(full(metro=None, city=None), "location", EMPLOYERS).points == 6


def test_a_company_without_a_person_is_judged_by_what_is_known_of_it():
    company = Company(name="Example Works", domain="works.example.com", naics_code="3327", state="OH", city="Dayton")
    score, lines = quality(company, EMPLOYERS)
    assert score == sum(points.points for points in lines) == 5 + 0 + 10 + 0 + 7


def test_no_line_holds_a_personal_datum():
    contact = full(phone="+12125550102")
    told = " ".join(points.reason + points.evidence for points in quality(contact, MARKETERS)[1])
    for secret in (contact.full_name, contact.email, contact.linkedin_url, contact.phone):
        assert secret not in told


def test_weights_that_do_not_divide_evenly_still_add_up():
    weights = MARKETERS.scoring.quality.model_copy(update={"required_fields": 32, "company": 18})
    campaign = MARKETERS.model_copy(update={"scoring": MARKETERS.scoring.model_copy(update={"quality": weights})})
    assert quality(full(), campaign)[0] == 100


texts = st.none() | st.sampled_from(["x", "PPC Manager", "United States", "NY", "New York", "Sr. Media Buyer"])
companies = st.builds(
    Company,
    name=texts,
    domain=texts,
    industry=texts,
    employees=st.none() | st.integers(1, 10**6),
    phone=texts,
    city=texts,
    state=texts,
    country=texts,
    metro=texts,
)
contacts = st.builds(
    Contact,
    full_name=texts,
    title=texts,
    email=texts,
    email_status=st.sampled_from([None, "valid", "risky", "invalid", "unknown"]),
    linkedin_url=texts,
    city=texts,
    state=texts,
    country=texts,
    metro=texts,
    flags=st.lists(st.sampled_from(["email-role", "email-invalid", "email-free"]), max_size=1),
    company=companies,
)


@given(contacts, st.sampled_from([MARKETERS, EMPLOYERS]))
def test_the_lines_add_up_to_the_score_whatever_is_known(contact, campaign):
    score, lines = quality(contact, campaign)
    assert score == sum(points.points for points in lines)
    assert 0 <= score <= 100
    assert all(points.points >= 0 and points.points == int(points.points) for points in lines)
    assert all(points.reason and points.evidence for points in lines)


@given(contacts, st.sampled_from(["full_name", "linkedin_url", "title", "city", "state", "country", "metro"]))
def test_knowing_more_never_costs_points(contact, field):
    known = replace(contact, **{field: "x"}) if getattr(contact, field) is None else contact
    assert quality(known, MARKETERS)[0] >= quality(contact, MARKETERS)[0]
