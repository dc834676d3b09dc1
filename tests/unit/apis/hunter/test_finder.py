import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.hunter.contract import API
from leadspiders.apis.hunter.finder import finder_call, read_finding, read_found
from leadspiders.errors import ArgumentError, QuotaUsedUp, RateLimited, RequestRefused, Unreadable

CLAIMED = {"errors": [{"id": "claimed_email", "code": 451, "details": "dana.field@ohiogear.example.com asked us"}]}


def test_the_call():
    call = finder_call(domain="ohiogear.example.com", first_name="Dana", last_name="O'Field", full_name="Dana O'Field")
    assert call.url(API.base_url) == (
        "https://api.hunter.io/v2/email-finder?domain=ohiogear.example.com&first_name=Dana&last_name=O%27Field"
    )
    assert (call.credits, call.group) == (1.0, "finder")
    named = finder_call(domain="x.example.com", first_name="Seal", full_name="Seal")
    assert named.params == (("domain", "x.example.com"), ("full_name", "Seal"))


@pytest.mark.parametrize(
    "question", [{"domain": "", "full_name": "A B"}, {"domain": "x.example.com", "last_name": "B"}]
)
def test_a_question_hunter_would_refuse(question):
    with pytest.raises(ArgumentError):
        finder_call(**question)


def test_a_person_in_full(reply, payload):
    raw, credits_charged = read_found(reply(payload("hunter/email_finder.json")))
    found = read_finding(raw)
    assert credits_charged == 1.0
    assert (found.email, found.email_status) == ("dana.field@ohiogear.example.com", "valid")
    assert (found.title, found.phone) == ("Media Buyer", "+1 937 555 0100")
    assert found.linkedin_url == "https://www.linkedin.com/in/example-dana-field"
    assert (found.company.name, found.company.domain) == ("Ohio Gear Works", "ohiogear.example.com")
    pages = ["http://ohiogear.example.com/team"]
    assert found.extras == {"hunter": {"score": 94, "verified_on": "2026-10-04", "sources": pages}}
    assert (found.lineage["email"].confidence, f"{found.lineage['email'].at:%Y-%m-%d}") == (0.94, "2026-10-04")
    assert (found.full_name, found.first_name) == (None, None)  # an echo of the question is no answer


@pytest.mark.parametrize(
    ("body", "status"),
    [({"data": {"email": None, "score": None, "domain": "x.example.com"}}, 200), ({"data": {"email": ""}}, 200),
     ({"errors": [{"id": "not_found", "code": 404}]}, 404), ("", 404)],
)  # fmt: skip
def test_nobody_found_is_free(reply, body, status):
    assert read_found(reply(body, status)) == (None, 0.0)


def test_who_wants_no_contact_is_flagged_and_not_described(reply):
    raw, credits_charged = read_found(reply(CLAIMED, 451))
    assert credits_charged == 0.0
    assert b"dana" not in raw
    found = read_finding(raw)
    assert (found.flags, found.email) == (["do-not-contact"], None)
    assert read_finding(read_found(reply("gone", 451))[0]) == found


@pytest.mark.parametrize(
    ("status", "error"), [(400, RequestRefused), (403, RateLimited), (429, QuotaUsedUp), (422, RequestRefused)]
)
def test_refusals(reply, status, error):
    with pytest.raises(error):
        read_found(reply({"errors": [{"id": "x"}]}, status))


@pytest.mark.parametrize("body", ["", "[]", "null", {}, {"data": []}, {"data": None}, {"data": "x"}, {"errors": []}])
def test_a_body_that_is_no_answer(reply, body):
    with pytest.raises(Unreadable):
        read_found(reply(body))


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'{"data": 1}', b'{"errors": [{"id": "other"}]}'])
def test_a_kept_answer_that_is_none(raw):
    with pytest.raises(Unreadable):
        read_finding(raw)


def test_drift(reply, payload):
    drift = Drift()
    body = {"data": {"email": "a@x.example.com", "score": "high", "mood": "good", "verification": {"date": 5}}}
    raw, _ = read_found(reply(body), drift)
    found = read_finding(raw)
    assert (found.email, found.email_status, found.extras) == ("a@x.example.com", "unknown", {})
    assert drift.fields == {
        ("hunter.finder", "mood", "unknown"): 1,
        ("hunter.finder", "domain", "missing"): 1,
        ("hunter.finder", "score", "wrong type"): 1,
        ("hunter.finder", "verification.date", "wrong type"): 1,
    }
    calm = Drift()
    read_found(reply(payload("hunter/email_finder.json")), calm)
    assert calm.fields == {}


@pytest.mark.parametrize(("score", "date", "sure"), [(120, None, 1.0), (-1, "soon", 0.0), (50, "2026-13-01", 0.5)])
def test_how_sure_hunter_is(reply, score, date, sure):
    body = {"data": {"email": "a@x.example.com", "score": score, "verification": {"date": date, "status": "valid"}}}
    assert read_finding(reply(body).body).lineage["email"].confidence == sure
