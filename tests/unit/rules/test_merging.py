"""Making two records one: gaps, precedence, evidence, and that it does not matter which came first."""

from copy import deepcopy
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.rules.merging import merge_company, merge_contact

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def said_by(source, hours=0):
    return Evidence(source=source, at=NOON + timedelta(hours=hours), receipt="r1")


def origin(source, hours=0):
    return Origin(source=source, url="", fetched_at=NOON + timedelta(hours=hours), run_id="r", receipt="r1", index=0)


def gears(**more):
    return Company(**{"name": "Ohio Gear Works", "city": "Dayton", "state": "OH"} | more)


def test_merging_fills_gaps_and_keeps_what_lost():
    into = Contact(full_name="Dana Field", title="HR Director", lineage={"title": said_by("hunter", 1)})
    other = Contact(title="CFO", city="Dayton", lineage={"title": said_by("apollo"), "city": said_by("apollo")})
    merge_contact(into, other)
    assert (into.title, into.city) == ("HR Director", "Dayton")
    assert into.extras == {"title_also": "CFO"}
    assert into.lineage["title"] == replace(said_by("hunter", 1), replaced="apollo")
    assert into.lineage["city"] == said_by("apollo")


def test_merging_twice_is_merging_once():
    into = Contact(email="a@x.com", title="HR Director", company=gears())
    other = Contact(email="b@x.com", email_status="valid", title="CFO", company=gears(employees=140), extras={"k": 1})
    merge_contact(into, other)
    once = asdict(into)
    merge_contact(into, other)
    assert asdict(into) == once


@pytest.mark.parametrize(
    ("ours", "theirs", "stays"),
    [
        (("a@x.com", None), ("b@x.com", "valid"), "b@x.com"),
        (("a@x.com", "unknown"), ("b@x.com", "risky"), "b@x.com"),
        (("a@x.com", "invalid"), ("b@x.com", None), "b@x.com"),
        (("info@x.com", None), ("b@x.com", None), "b@x.com"),
        (("info@x.com", "valid"), ("b@x.com", None), "info@x.com"),
        (("a@x.com", "valid"), ("b@x.com", "valid"), "b@x.com"),
        (("a@x.com", None), ("b@x.com", None), "b@x.com"),
        (("a@x.com", None), ("email_not_unlocked@domain.com", "valid"), "a@x.com"),
    ],
)
def test_the_better_verified_email_wins(ours, theirs, stays):
    into, other = Contact(email=ours[0], email_status=ours[1]), Contact(email=theirs[0], email_status=theirs[1])
    into.lineage["email"], other.lineage["email"] = said_by("file:list"), said_by("hunter")
    merge_contact(into, other)
    assert into.email == stays
    if stays == "b@x.com":
        assert into.email_status == theirs[1]
        assert into.lineage["email"] == Evidence(source="hunter", at=NOON, receipt="r1", replaced="file:list")
        assert into.extras == {"email_also": ours[0]}


def test_about_one_address_the_newer_verdict_holds():
    into = Contact(email="a@x.com", email_status="valid")
    merge_contact(
        into, Contact(email="A@X.com", email_status="invalid", lineage={"email_status": said_by("neverbounce")})
    )
    assert into.email_status == "invalid"
    assert into.lineage["email_status"].source == "neverbounce"
    merge_contact(into, Contact(email="a@x.com", email_status="unknown"))
    assert into.email_status == "invalid"


def test_flags_follow_the_address_they_speak_of():
    into = Contact(email="info@x.com", flags=["email-role", "phone-invalid"])
    merge_contact(into, Contact(email="dana@gmail.com", flags=["email-free", "imported"]))
    assert into.flags == ["phone-invalid", "email-free", "imported"]


def test_a_contact_brings_its_company_unless_it_is_another():
    into = Contact(company=gears())
    merge_contact(into, Contact(company=gears(employees=140)))
    assert into.company.employees == 140
    merge_contact(into, Contact(company=Company(name="Smith Dental", domain="smith.com")))
    assert into.company.domain is None
    assert into.extras == {"company_also": "Smith Dental"}


def test_a_head_count_beats_a_range():
    into = gears(employee_min=51, employee_max=200)
    merge_company(into, gears(employee_min=11, employee_max=50))
    assert (into.employee_min, into.employee_max) == (51, 200)
    merge_company(into, gears(employees=140))
    assert (into.employees, into.employee_min, into.employee_max) == (140, None, None)


def test_an_open_range_is_taken_as_a_whole():
    into = gears()
    merge_company(into, gears(employee_min=1000))
    assert (into.employee_min, into.employee_max) == (1000, None)


@pytest.mark.parametrize(
    ("a", "b", "both"), [("yes", "no", "no"), ("unknown", "yes", "unknown"), ("no", "unknown", "no")]
)
def test_the_strictest_license_holds(a, b, both):
    into = gears(marketing_use=a)
    merge_company(into, gears(marketing_use=b, decision_makers=3))
    assert (into.marketing_use, into.decision_makers) == (both, 3)


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "wins"),
    [
        ("title", ("apollo", 0), ("apollo", 1), True),
        ("title", ("apollo", 1), ("apollo", 0), False),
        ("title", ("apollo", 0), ("file:list", 1), False),
        ("title", ("file:list", 1), ("apollo", 0), True),
        ("full_name", ("apollo", 0), ("apollo", 1), True),
        ("full_name", ("apollo", 1), ("file:list", 2), False),
    ],
)
def test_people_by_policy(name, ours, theirs, wins):
    into, other = Contact(**{name: "Old"}, origin=origin(*ours)), Contact(**{name: "New"}, origin=origin(*theirs))
    merge_contact(into, other)
    assert getattr(into, name) == ("New" if wins else "Old")
    assert into.extras == {f"{name}_also": "Old" if wins else "New"}
    assert into.lineage[name].replaced == (ours if wins else theirs)[0]


@pytest.mark.parametrize(
    ("name", "values", "ours", "theirs", "wins"),
    [
        ("legal_name", ("Old", "New"), ("apollo", 1), ("samgov", 0), True),
        ("legal_name", ("Old", "New"), ("samgov", 0), ("apollo", 1), False),
        ("employees", (100, 120), ("apollo", 0), ("apollo", 1), True),
        ("employees", (100, 120), ("apollo", 1), ("apollo", 0), False),
    ],
)
def test_companies_by_policy(name, values, ours, theirs, wins):
    into, other = (Company(**{name: v}, origin=origin(*o)) for v, o in zip(values, (ours, theirs), strict=True))
    merge_company(into, other)
    assert getattr(into, name) == values[wins]


def test_a_city_is_not_put_beside_the_state_of_another_place():
    into = Contact(state="OH", origin=origin("apollo"))
    merge_contact(into, Contact(city="Boston", state="MA", origin=origin("file:list")))
    assert (into.city, into.state) == (None, "OH")
    merge_contact(into, Contact(city="Austin", state="TX", origin=origin("apollo", 1)))
    assert (into.city, into.state) == ("Austin", "TX")


def test_an_older_verdict_says_nothing():
    into = Contact(email="a@x.com", email_status="valid", lineage={"email_status": said_by("neverbounce", 2)})
    other = Contact(email="a@x.com", email_status="invalid", lineage={"email_status": said_by("hunter", 1)})
    merge_contact(into, other)
    assert into.email_status == "valid"


TEXT = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
SOURCES = st.sampled_from(["apollo", "hunter", "samgov", "file:list", "neverbounce"])
ORIGINS = st.builds(origin, SOURCES, st.integers(0, 3))
contacts = st.builds(
    Contact,
    **dict.fromkeys(("full_name", "first_name", "last_name", "title", "seniority", "city", "state"), TEXT),
    email=st.one_of(st.none(), st.sampled_from(["a@x.com", "b@x.com", "info@x.com"])),
    email_status=st.just(None),
    origin=ORIGINS,
)
companies = st.builds(
    Company,
    **dict.fromkeys(("legal_name", "uei", "street", "city", "state", "industry"), TEXT),
    employees=st.one_of(st.none(), st.integers(1, 3)),
    marketing_use=st.sampled_from(["yes", "no", "unknown"]),
    origin=ORIGINS,
)
profile = settings(deadline=None, max_examples=150, database=None, derandomize=True)


@profile
@given(st.one_of(st.tuples(contacts, contacts), st.tuples(companies, companies)))
def test_it_does_not_matter_which_came_first(two):
    one, other = two
    if (one.origin.source, one.origin.fetched_at) == (other.origin.source, other.origin.fetched_at):
        return  # one source said two things at once: whoever was there stays
    merge = merge_contact if isinstance(one, Contact) else merge_company
    there, back = deepcopy(one), deepcopy(other)
    merge(there, other)
    merge(back, one)
    kept = [each.name for each in fields(one) if each.name not in {"lineage", "extras", "origin", "flags", "company"}]
    assert [getattr(there, name) for name in kept] == [getattr(back, name) for name in kept]


@profile
@given(st.one_of(st.tuples(contacts, contacts), st.tuples(companies, companies)))
def test_twice_is_once(two):
    into, other = two
    merge = merge_contact if isinstance(into, Contact) else merge_company
    merge(into, other)
    once = asdict(into)
    merge(into, other)
    assert asdict(into) == once


def texas():
    return Company(name="Texas Petroleum Holdings", domain="texpetro.com")


def test_a_newer_job_at_another_employer_is_taken_whole():
    into = Contact(title="HR Director", city="Dayton", state="OH", company=gears(), origin=origin("apollo"))
    merge_contact(into, Contact(seniority="c_suite", city="Houston", company=texas(), origin=origin("apollo", 1)))
    assert (into.title, into.seniority, into.city, into.state) == (None, "c_suite", "Houston", None)
    assert into.company.name == "Texas Petroleum Holdings"
    assert (into.extras["title_also"], into.extras["company_also"]) == ("HR Director", "Ohio Gear Works")


@pytest.mark.parametrize("said", [origin("apollo", -1), origin("file:old", 9)])
def test_an_older_or_imported_job_at_another_employer_is_not_taken_at_all(said):
    into = Contact(title="HR Director", company=gears(), origin=origin("apollo"))
    other = Contact(title="CFO", city="Houston", email="d@texpetro.com", email_status="valid", company=texas())
    other.origin = said
    merge_contact(into, other)
    assert (into.title, into.city, into.email, into.company.name) == ("HR Director", None, None, "Ohio Gear Works")
    assert into.extras["email_also"] == "d@texpetro.com"
