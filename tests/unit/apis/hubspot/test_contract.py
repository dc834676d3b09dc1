import pytest

from leadspiders.apis.http import Usage
from leadspiders.apis.hubspot.contract import check, path, usage
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable


def test_versions_stand_where_hubspot_has_them():
    assert path("objects", "v3", "contacts/batch/upsert") == "/crm/v3/objects/contacts/batch/upsert"
    assert path("objects", "2026-03", "contacts/batch/upsert") == "/crm/objects/2026-03/contacts/batch/upsert"


@pytest.mark.parametrize("status", [200, 201, 207])
def test_data(reply, status):
    check(reply({}, status))


@pytest.mark.parametrize(
    ("status", "body", "error", "wait"),
    [
        (429, {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}, RateLimited, 10.0),
        (429, "", RateLimited, 10.0),
        (423, {"message": "locked"}, RateLimited, 2.0),
        (429, {"errorType": "RATE_LIMIT", "policyName": "DAILY"}, QuotaUsedUp, None),
        (401, {"category": "INVALID_AUTHENTICATION"}, CredentialRefused, None),
        (403, {"category": "MISSING_SCOPES"}, CredentialRefused, None),
        (400, {"category": "VALIDATION_ERROR", "message": "Duplicate IDs found in batch input"}, RequestRefused, None),
        (404, {"category": "OBJECT_NOT_FOUND"}, RequestRefused, None),
        (409, {"category": "CONFLICT"}, RequestRefused, None),
        (477, {}, Unavailable, None),
        (502, "<html>", Unavailable, None),
    ],
)
def test_refusals(reply, status, body, error, wait):
    with pytest.raises(error) as caught:
        check(reply(body, status))
    assert getattr(caught.value, "retry_after", None) == wait


def test_a_wait_that_is_named_wins(reply):
    with pytest.raises(RateLimited) as caught:
        check(reply({"policyName": "TEN_SECONDLY_ROLLING"}, 429, retry_after="3"))
    assert caught.value.retry_after == 3.0


def test_usage_by_the_headers(reply):
    headers = {
        "x_hubspot_ratelimit_daily": "250000",
        "x_hubspot_ratelimit_daily_remaining": "249000",
        "x_hubspot_ratelimit_interval_milliseconds": "10000",
        "x_hubspot_ratelimit_max": "100",
        "x_hubspot_ratelimit_remaining": "98",
    }
    assert usage(reply("", **headers)) == (
        Usage(seconds=10, limit=100, left=98),
        Usage(seconds=86_400, limit=250_000, left=249_000),
    )
