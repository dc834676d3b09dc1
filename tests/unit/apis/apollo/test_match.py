import json

import pytest

from leadspiders.apis.apollo.contract import API
from leadspiders.apis.apollo.match import bulk_match_call, read_match, read_matches
from leadspiders.apis.apollo.person import Person, contact
from leadspiders.apis.drift import Drift
from leadspiders.errors import ArgumentError, QuotaUsedUp, RequestRefused, Unreadable


def test_the_call():
    call = bulk_match_call(["p1", {"email": "a@example.com"}, {"name": "Dana Field", "domain": "example.com"}])
    assert call.url(API.base_url) == "https://api.apollo.io/api/v1/people/bulk_match"
    assert call.json == {
        "details": [{"id": "p1"}, {"email": "a@example.com"}, {"name": "Dana Field", "domain": "example.com"}]
    }
    assert (call.group, call.credits) == ("bulk", 3.0)
    assert bulk_match_call(["p1"], reveal_personal_emails=True).params == (("reveal_personal_emails", "true"),)


@pytest.mark.parametrize("people", [[], [str(number) for number in range(11)], [{}], [{"phone": "1"}]])
def test_calls_apollo_would_refuse(people):
    with pytest.raises(ArgumentError):
        bulk_match_call(people)


@pytest.fixture
def matches(reply, payload):
    return read_matches(reply(payload("apollo/bulk_match.json")))


def test_matches_are_mapped_by_id(matches):
    assert set(matches.contacts) == {"p1", "p2", "p3"}
    assert (matches.credits, matches.missing, matches.broken) == (3.0, 1, [])


def test_a_person_in_full(matches):
    found = matches.contacts["p1"]
    assert (found.provider_key, found.full_name, found.first_name, found.last_name) == (
        "apollo:p1",
        "Dana Field",
        "Dana",
        "Field",
    )
    assert (found.title, found.seniority) == ("Media Buyer", "entry")
    assert (found.email, found.email_status) == ("dana.field@ohiogear.example.com", "valid")
    assert (found.city, found.state, found.country) == ("Dayton", "Ohio", "United States")
    assert found.linkedin_url == "http://www.linkedin.com/in/example-dana-field"
    assert found.profile_picture_url == "https://photos.example.com/p1.jpg"
    assert found.extras == {"headline": "Buying media"}


def test_the_employer_in_full(matches):
    company = matches.contacts["p1"].company
    assert (company.provider_key, company.name, company.domain) == (
        "apollo:o1",
        "Ohio Gear Works",
        "ohiogear.example.com",
    )
    assert (company.employees, company.founded_year, company.annual_revenue) == (140, 1998, 21_000_000.0)
    assert (company.phone, company.industry, company.naics_code) == ("+19375550100", "machinery", "332710")
    assert (company.street, company.city, company.state, company.postal_code) == (
        "12 Mill St",
        "Dayton",
        "Ohio",
        "45402",
    )
    assert company.extras == {"keywords": ["gears"]}


def test_no_organization_leaves_the_current_job(matches):
    company = matches.contacts["p3"].company
    assert (company.name, company.provider_key, company.domain) == ("New Mill", "apollo:o9", None)


def test_a_wrong_type_costs_the_field_and_not_the_match(matches):
    company = matches.contacts["p2"].company
    assert (company.name, company.founded_year) == ("Mill Works", None)


@pytest.mark.parametrize(
    ("email", "status", "read"),
    [
        ("a@example.com", "verified", ("a@example.com", "valid")),
        ("a@example.com", "unverified", ("a@example.com", "unknown")),
        ("a@example.com", "likely to engage", ("a@example.com", "risky")),
        ("a@example.com", "extrapolated", ("a@example.com", "risky")),
        ("a@example.com", "guessed", ("a@example.com", "risky")),
        ("a@example.com", "user_managed", ("a@example.com", "unknown")),
        ("a@example.com", "something new", ("a@example.com", "unknown")),
        ("a@example.com", None, ("a@example.com", "unknown")),
        ("a@example.com", "unavailable", (None, None)),
        ("email_not_unlocked@domain.com", "verified", (None, None)),
        (None, "verified", (None, None)),
        ("", "verified", (None, None)),
    ],
)
def test_what_an_email_status_says(email, status, read):
    found = contact(Person(id="p", email=email, email_status=status), {})
    assert (found.email, found.email_status) == read


def test_a_name_in_parts():
    assert contact(Person(id="p", first_name="Dana", last_name="Field"), {}).full_name == "Dana Field"
    assert contact(Person(id="p"), {}).full_name is None


def test_nobody_found_is_free(reply):
    found = read_matches(
        reply({"status": "success", "missing_records": 2, "credits_consumed": 0, "matches": [None, None]})
    )
    assert (found.contacts, found.credits, found.missing) == ({}, 0.0, 2)


def test_an_unsaid_price_is_a_credit_for_each(reply):
    found = read_matches(reply({"matches": [{"id": "p1"}, None, {"name": "no id"}]}))
    assert (found.credits, found.missing, len(found.broken)) == (2.0, 1, 1)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"status": "failed", "error_code": "INVALID_REQUEST", "matches": None}, RequestRefused),
        (400, {"error_code": "RECORD_LIMIT_EXCEEDED"}, RequestRefused),
        (422, {"error": "insufficient credits"}, QuotaUsedUp),
        (200, {"status": "success"}, Unreadable),
        (200, "", Unreadable),
    ],
)
def test_refusals(reply, status, body, error):
    with pytest.raises(error):
        read_matches(reply(body, status))


def test_drift_names_nested_fields(reply, payload):
    body = json.loads(payload("apollo/bulk_match.json"))
    body["matches"][2]["organization"]["mood"] = "good"
    drift = Drift()
    read_matches(reply(body), drift)
    assert drift.fields == {
        ("apollo.matches", "organization.mood", "unknown"): 1,
        ("apollo.matches", "organization.founded_year", "wrong type"): 1,
    }


def test_personal_data_is_not_in_the_text_of_a_contact(matches):
    assert "dana" not in repr(matches.contacts["p1"]).lower()


def test_a_kept_match_is_read_again_as_it_was(matches):
    assert set(matches.raw) == set(matches.contacts)
    for key, raw in matches.raw.items():
        assert read_match(raw) == matches.contacts[key]


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'{"name": "no id"}'])
def test_a_kept_match_that_is_none(raw):
    with pytest.raises(Unreadable):
        read_match(raw)


def test_a_match_under_another_id_goes_to_the_place_it_was_asked_at_if_the_reply_keeps_the_order(reply):
    body = {
        "status": "success",
        "credits_consumed": 3.0,
        "missing_records": 1,
        "matches": [
            {"id": "b", "first_name": "Bo", "last_name": "Ray"},
            {"id": "moved", "first_name": "Dana", "last_name": "Field"},
            None,
            {"first_name": "Sam", "last_name": "Low"},
        ],
    }
    kept = read_matches(reply(body)).of(["a", "b", "c", "d"])
    names = [None if raw is None else json.loads(raw)["first_name"] for raw in kept]
    assert names == [None, "Bo", None, None]
    kept = read_matches(reply(body)).of(["b", "a", "c", "d"])
    assert [None if raw is None else json.loads(raw)["first_name"] for raw in kept] == ["Bo", "Dana", None, "Sam"]
