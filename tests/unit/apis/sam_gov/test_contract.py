from datetime import UTC, datetime

import pytest

from leadspiders.apis.sam_gov.contract import check
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RequestRefused, Unavailable

THROTTLED = {
    "code": "900804",
    "message": "Message throttled out",
    "description": "You have exceeded your quota.You can access API after 2026-Nov-22 00:00:00+0000 UTC",
    "nextAccessTime": "2026-Nov-22 00:00:00+0000 UTC",
}
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "headers", "again"),
    [
        (THROTTLED, {}, MIDNIGHT),
        (
            THROTTLED | {"nextAccessTime": "2026-Nov-23 02:30:00+0000 UTC"},
            {},
            datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        ),
        (THROTTLED | {"nextAccessTime": "tomorrow"}, {}, None),
        (THROTTLED | {"nextAccessTime": None}, {}, None),
        ({"error": {"code": "OVER_RATE_LIMIT", "message": "You have exceeded your rate limit."}}, {}, None),
        ({"error": {"code": "OVER_RATE_LIMIT"}}, {"retry_after": "3600"}, datetime(2026, 11, 21, 16, 30, tzinfo=UTC)),
        ("<html>slow down</html>", {}, None),
    ],
)
def test_a_used_up_quota_says_when_it_comes_back_if_it_was_told(reply, body, headers, again):
    with pytest.raises(QuotaUsedUp) as caught:
        check(reply(body, 429, **headers))
    assert caught.value.retry_at == again


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, "No api_key was supplied"),
        (403, {"error": {"code": "API_KEY_INVALID", "message": "An invalid API key was supplied."}}),
        (401, {"error": {"code": "API_KEY_MISSING", "message": "No api_key was supplied."}}),
        (401, "<html><body>Unauthorized</body></html>"),
        (404, {"error": {"code": "API_KEY_DISABLED", "message": "ask"}}),
        (400, {"message": "An invalid api_key was supplied"}),
    ],
)
def test_key_errors_whatever_the_status(reply, status, body):
    with pytest.raises(CredentialRefused, match="SAM_GOV_API_KEY"):
        check(reply(body, status))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"Status": "400", "message": "Invalid", "detail": "Size Cannot Exceed 10 Records"},
            "Size Cannot Exceed 10 Records",
        ),
        ({"message": "Results Too Large", "details": "narrow it"}, "Results Too Large narrow it"),
        ({"message": "unknown parameter, besides api_key"}, "unknown parameter"),
        (
            {"httpStatus": "400", "title": "Bad", "detail": "v1 style", "errorCode": "INVALID_SEARCH_PARAMETER"},
            "v1 style",
        ),
    ],
)
def test_a_wrong_request_says_why(reply, body, words):
    with pytest.raises(RequestRefused, match=words):
        check(reply(body, 400))


def test_an_ill_service(reply):
    with pytest.raises(Unavailable):
        check(reply("", 502))


def test_a_key_in_the_body_is_not_repeated(reply):
    with pytest.raises(CredentialRefused) as caught:
        check(reply("bad api_key=SAM-11112222-3333 given", 403))
    assert "3333" not in str(caught.value)
