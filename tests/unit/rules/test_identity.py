"""Keys, comparing companies, and making two records one."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.rules.identity import company_keys, contact_keys, merge_company, merge_contact, same_company

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def said_by(source):
    return Evidence(source=source, at=NOON, receipt="r1")


def gears(**more):
    return Company(**{"name": "Ohio Gear Works", "city": "Dayton", "state": "OH"} | more)


@pytest.mark.parametrize(
    ("lead", "linkedin", "email", "provider"),
    [
        (Contact(linkedin_url="uk.linkedin.com/in/Dana/"), "https://www.linkedin.com/in/dana", None, None),
        (Contact(email="Dana@X.com"), None, "dana@x.com", None),
        (Contact(email="dana@x.com", email_status="invalid"), None, None, None),
        (Contact(email="info@x.com"), None, None, None),
        (Contact(email="dana@@x.com"), None, None, None),
        (Contact(email="dana@gmail.com"), None, "dana@gmail.com", None),
        (Contact(provider_key="apollo:1"), None, None, "apollo:1"),
        (Contact(full_name="Dana Field"), None, None, None),
    ],
)
def test_contact_keys(lead, linkedin, email, provider):
    keys = contact_keys(lead)
    assert (keys.linkedin, keys.email, keys.provider) == (linkedin, email, provider)


def test_company_keys():
    keys = company_keys(gears(uei="abcdefgh1j23", website="http://www.ohiogear.example.com/x", provider_key="apollo:9"))
    assert (keys.uei, keys.domain, keys.provider) == ("ABCDEFGH1J23", "ohiogear.example.com", "apollo:9")
    assert keys.name_place == "ohio gear works|OH|dayton"


@pytest.mark.parametrize("domain", ["gmail.com", "facebook.com", None])
def test_a_host_of_many_is_no_key(domain):
    assert company_keys(Company(name="Acme", domain=domain)).domain is None


@pytest.mark.parametrize("gap", ["name", "city", "state"])
def test_name_and_place_need_all_three(gap):
    assert company_keys(gears(**{gap: None})).name_place is None


def test_spellings_of_one_place_have_one_key():
    one = company_keys(Company(name="THE ACME CO., INC.", city="St. Louis", state="MO"))
    other = company_keys(Company(name="Acme", city="Saint Louis", state="MO"))
    assert one == other


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        (gears(uei="A"), Company(name="Something Else", uei="a"), "same"),
        (gears(domain="ohiogear.com"), Company(website="www.ohiogear.com"), "same"),
        (gears(), gears(name="OHIO GEAR WORKS, LLC"), "same"),
        (gears(), gears(name="Ohio Gear Worksl"), "same"),
        (gears(uei="A"), gears(uei="B"), "unsure"),
        (gears(domain="ohiogear.com"), gears(domain="ogw.com"), "unsure"),
        (gears(), gears(city="Toledo"), "unsure"),
        (gears(), gears(state="TX"), "unsure"),
        (gears(), gears(city=None), "unsure"),
        (gears(), gears(name=None), "unsure"),
        (gears(), gears(name="Ohio Gear"), "unsure"),
        (gears(name="Acme"), gears(name="Acme Tool and Die of Dayton"), "unsure"),
        (gears(name="Local 12"), gears(name="Local 13"), "different"),
        (gears(), gears(name="Smith Dental"), "different"),
    ],
)
def test_same_company(a, b, outcome):
    assert same_company(a, b).outcome == outcome
    assert same_company(b, a) == same_company(a, b)
    assert same_company(a, b).why


def test_merging_fills_gaps_and_keeps_what_lost():
    into = Contact(full_name="Dana Field", title="HR Director", lineage={"title": said_by("file:list")})
    other = Contact(title="CFO", city="Dayton", lineage={"title": said_by("apollo"), "city": said_by("apollo")})
    merge_contact(into, other)
    assert (into.title, into.city) == ("HR Director", "Dayton")
    assert into.extras == {"title_also": "CFO"}
    assert into.lineage["title"] == Evidence(source="file:list", at=NOON, receipt="r1", replaced="apollo")
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
        (("a@x.com", "valid"), ("b@x.com", "valid"), "a@x.com"),
        (("a@x.com", None), ("b@x.com", None), "a@x.com"),
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
