import pytest

from leadspiders.apis.apollo.contract import check, usage
from leadspiders.apis.http import Usage
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, "Invalid access credentials.", CredentialRefused),
        (403, {"error": "api_search is not accessible", "error_code": "API_INACCESSIBLE"}, CredentialRefused),
        (422, {"error": "You have insufficient credits! Please upgrade your plan."}, QuotaUsedUp),
        (402, {"message": "no credits left"}, QuotaUsedUp),
        (422, {"message": "Value too long", "error_code": "INVALID"}, RequestRefused),
        (
            400,
            {"status": "failed", "error_code": "RECORD_LIMIT_EXCEEDED", "error_message": "at most 10"},
            RequestRefused,
        ),
        (500, "oops", Unavailable),
    ],
)
def test_refusals(reply, status, body, error):
    with pytest.raises(error):
        check(reply(body, status))


def test_too_fast(reply):
    body = {"message": "The maximum number of api calls allowed for api/v1/people/bulk_match is 100 times per minute."}
    with pytest.raises(RateLimited, match="100 times per minute") as caught:
        check(reply(body, 429, retry_after="41"))
    assert caught.value.retry_after == 41.0


def test_usage_by_the_headers(reply):
    headers = {
        "x_rate_limit_minute": "200",
        "x_minute_usage": "3",
        "x_minute_requests_left": "197",
        "x_rate_limit_hourly": "6000",
        "x_hourly_requests_left": "5000",
        "x_24_hour_requests_left": "40000",
    }
    assert usage(reply("", **headers)) == (
        Usage(seconds=60, limit=200, left=197),
        Usage(seconds=3600, limit=6000, left=5000),
        Usage(seconds=86_400, limit=None, left=40_000),
    )
