import json

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.proxycurl.contract import API, read_look_up
from leadspiders.apis.proxycurl.profile import profile_call, read_profile, read_resolved, resolve_call
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unreadable

DANA = {
    "public_identifier": "example-dana",
    "first_name": "Dana",
    "last_name": "Field",
    "full_name": "Dana Field",
    "headline": "CFO",
    "city": "Dayton",
    "state": "Ohio",
    "country": "US",
    "experiences": [
        {"company": "Before", "title": "Clerk", "ends_at": {"day": 1, "month": 1, "year": 2020}},
        {"company": "Ohio Gear", "title": "CFO", "ends_at": None, "company_linkedin_profile_url": "x/company/gear"},
        {"company": "Board", "title": "Member", "ends_at": None},
    ],
    "personal_emails": [],
}


def test_a_profile_shows_the_first_job_that_has_not_ended():
    contact = read_profile(json.dumps(DANA).encode())
    assert (contact.full_name, contact.title, contact.company.name) == ("Dana Field", "CFO", "Ohio Gear")
    assert contact.linkedin_url == "https://www.linkedin.com/in/example-dana"
    assert contact.email is None
    assert contact.extras == {"headline": "CFO", "personal_emails": []}
    assert "dana" not in repr(contact).lower()


@pytest.mark.parametrize("experiences", [None, [], "x", [None], [{"ends_at": "2020"}]])
def test_no_job(experiences):
    contact = read_profile(json.dumps(DANA | {"experiences": experiences}).encode())
    assert (contact.full_name, contact.title, contact.company.name) == ("Dana Field", None, None)


def test_a_profile_that_was_found():
    url = "https://www.linkedin.com/in/example-dana"
    assert read_resolved(json.dumps({"url": url, "profile": DANA}).encode()).title == "CFO"
    bare = read_resolved(json.dumps({"url": url, "profile": None}).encode())
    assert (bare.linkedin_url, bare.full_name) == (url, None)


@pytest.mark.parametrize("read", [read_profile, read_resolved])
@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"7", b"{"])
def test_another_body(read, raw):
    with pytest.raises(Unreadable):
        read(raw)


def test_drift_is_noticed():
    drift = Drift()
    read_profile(json.dumps(DANA | {"city": ["Dayton"], "mood": "good"}).encode(), drift)
    assert drift.fields == {
        ("proxycurl.profiles", "mood", "unknown"): 1,
        ("proxycurl.profiles", "city", "wrong type"): 1,
    }


def test_calls_and_their_price():
    call = profile_call("https://www.linkedin.com/in/example-dana")
    assert call.path == "/proxycurl/api/v2/linkedin"
    assert dict(call.params)["url"] == "https://www.linkedin.com/in/example-dana"
    assert dict(resolve_call("Dana", "Field", "ohiogear.example.com").params) == {
        "first_name": "Dana",
        "last_name": "Field",
        "company_domain": "ohiogear.example.com",
        "enrich_profile": "enrich",
    }
    assert call.credits == 1.0


def test_found_or_not(reply):
    assert read_look_up(reply({"code": 404, "description": "no"}, 404)) is None
    assert read_look_up(reply(DANA)) == json.dumps(DANA).encode()


@pytest.mark.parametrize(
    ("status", "error"), [(401, CredentialRefused), (403, QuotaUsedUp), (429, RateLimited), (400, RequestRefused)]
)
def test_refusals(reply, status, error):
    with pytest.raises(error, match="the reason"):
        API.check(reply({"code": status, "description": "the reason"}, status))
