import pytest

from leadspiders.apis.clearbit.company import find_company_call
from leadspiders.apis.clearbit.contract import API
from leadspiders.apis.clearbit.look_up import WAITS_SECONDS, look_up
from leadspiders.apis.http import Usage, converse
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable

CALL = find_company_call("ohiogear.example.com")
QUEUED = {"error": {"type": "queued", "message": "later"}}


def test_found_and_unknown_cost_the_same(reply):
    found, _ = converse(look_up(CALL), [reply({"name": "Ohio Gear"})])
    assert (found.body, found.credits) == (b'{"name": "Ohio Gear"}', 1.0)
    unknown, _ = converse(look_up(CALL), [reply({"error": {"type": "unknown_record"}}, 404)])
    assert (unknown.body, unknown.credits) == (None, 1.0)


def test_what_is_queued_is_asked_again_for_nothing(reply):
    found, calls = converse(look_up(CALL), [reply(QUEUED, 202), reply(QUEUED, 202), reply({"name": "Ohio Gear"})])
    assert [(call.credits, call.delay) for call in calls] == [(1.0, 0.0), (0.0, 1.0), (0.0, 2.0)]
    assert found.credits == 1.0


def test_there_is_an_end_to_asking(reply):
    with pytest.raises(Unavailable):
        converse(look_up(CALL), [reply(QUEUED, 202)] * (len(WAITS_SECONDS) + 1))
    found, _ = converse(look_up(CALL), [*[reply(QUEUED, 202)] * len(WAITS_SECONDS), reply({"name": "Ohio Gear"})])
    assert found.body


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": {"type": "auth_invalid", "message": "no"}}, CredentialRefused),
        (402, {"error": {"type": "over_quota", "message": "no"}}, QuotaUsedUp),
        (422, {"error": {"type": "domain_invalid", "message": "no"}}, RequestRefused),
        (200, "[]", Unreadable),
        (200, "{", Unreadable),
        (503, "", Unavailable),
    ],
)
def test_refusals(reply, status, body, error):
    with pytest.raises(error):
        converse(look_up(CALL), [reply(body, status)])


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_ratelimit_reset": "12"}, 12.0),
        ({"x_ratelimit_reset": "1795275005"}, 5.0),
        ({"retry_after": "3", "x_ratelimit_reset": "12"}, 3.0),
        ({"x_ratelimit_reset": "soon"}, None),
        ({}, None),
    ],
)
def test_too_fast(reply, headers, seconds):
    with pytest.raises(RateLimited) as caught:
        API.check(reply({"error": {"type": "rate_limit"}}, 429, **headers))
    assert caught.value.retry_after == seconds


def test_the_headers_tell_the_limit(reply):
    told = API.usage(reply("", x_ratelimit_limit="600", x_ratelimit_remaining="599", x_ratelimit_reset="60"))
    assert told == (Usage(seconds=60, limit=600, left=599),)
