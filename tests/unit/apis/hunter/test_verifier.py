import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import converse
from leadspiders.apis.hunter.contract import API
from leadspiders.apis.hunter.verifier import LONGEST_WAIT_SECONDS, MOST_POLLS, read_verdict, verifier_call, verify
from leadspiders.errors import QuotaUsedUp, Unavailable, Unreadable

ADDRESS = "dana.field@ohiogear.example.com"


@pytest.fixture
def done(reply, payload):
    return reply(payload("hunter/email_verifier.json"))


def test_the_call():
    call = verifier_call("a+b@x.example.com")
    assert call.url(API.base_url) == "https://api.hunter.io/v2/email-verifier?email=a%2Bb%40x.example.com"
    assert (call.credits, call.group, call.delay) == (1.0, "verifier", 0.0)


def test_a_verdict_at_once(done):
    verified, calls = converse(verify(ADDRESS), [done])
    assert (verified.credits, len(calls)) == (1.0, 1)
    found = read_verdict(verified.raw)
    assert (found.email, found.email_status, found.extras) == (ADDRESS, "valid", {"hunter": {"score": 97}})


def test_one_that_runs_is_asked_again_at_growing_distance_and_counted_once(reply, done):
    verified, calls = converse(verify(ADDRESS), [reply({"data": {}}, 202)] * 6 + [done])
    assert verified.credits == 1.0
    assert [call.delay for call in calls] == [0, 0.5, 1, 2, 4, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]
    assert len({(call.path, call.params) for call in calls}) == 1


def test_there_is_an_end_to_asking(reply):
    with pytest.raises(Unavailable, match="later"):
        converse(verify(ADDRESS), [reply("", 202)] * MOST_POLLS)


def test_a_mail_server_that_answers_oddly_is_tried_again_and_left_for_another_day(reply, done):
    odd = reply("", 222)
    assert converse(verify(ADDRESS), [odd, odd, done])[0].raw == done.body
    verified, calls = converse(verify(ADDRESS), [odd] * 3)
    assert (verified.raw, verified.credits, len(calls)) == (None, 0.0, 3)


def test_who_wants_no_contact(reply):
    verified, _ = converse(verify(ADDRESS), [reply({"errors": [{"id": "claimed_email"}]}, 451)])
    found = read_verdict(verified.raw)
    assert (verified.credits, found.flags, found.email) == (0.0, ["do-not-contact"], None)


@pytest.mark.parametrize(
    ("word", "status"),
    [("valid", "valid"), ("accept_all", "risky"), ("webmail", "risky"), ("disposable", "invalid"),
     ("invalid", "invalid"), ("unknown", "unknown"), ("a_new_word", "unknown")],
)  # fmt: skip
def test_what_a_status_is_worth(reply, word, status):
    body = {"data": {"status": word, "email": ADDRESS, "score": None}}
    assert read_verdict(reply(body).body).email_status == status


@pytest.mark.parametrize(
    "body", ["", {"data": {"email": ADDRESS}}, {"data": {"status": "valid"}}, {"data": {"status": 1}}]
)
def test_a_body_without_a_verdict(reply, body):
    with pytest.raises(Unreadable):
        converse(verify(ADDRESS), [reply(body)])


def test_a_plan_that_is_used_up(reply):
    with pytest.raises(QuotaUsedUp):
        converse(verify(ADDRESS), [reply("", 429)])


def test_drift(reply, payload, done):
    drift = Drift()
    converse(verify(ADDRESS, drift), [done])
    assert drift.fields == {}
    converse(verify(ADDRESS, drift), [reply({"data": {"status": "valid", "email": ADDRESS, "aura": 1}})])
    assert drift.fields == {("hunter.verifier", "aura", "unknown"): 1, ("hunter.verifier", "score", "missing"): 1}
