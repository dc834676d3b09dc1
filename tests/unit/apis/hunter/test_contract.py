import pytest

from leadspiders.apis.hunter.account import read_account
from leadspiders.apis.hunter.contract import ACCOUNT, API, VERDICTS, check, verdict
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable


def refusal(status, name="some_id", details="because"):
    return {"errors": [{"id": name, "code": status, "details": details}]}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (401, CredentialRefused),
        (403, RateLimited),
        (404, RequestRefused),
        (422, RequestRefused),
        (429, QuotaUsedUp),
        (451, RequestRefused),
        (503, Unavailable),
    ],
)
def test_what_a_status_stands_for(reply, status, error):
    with pytest.raises(error) as caught:
        check(reply(refusal(status), status))
    assert type(caught.value) is error
    assert caught.value.status == status


@pytest.mark.parametrize("status", [200, 202, 222])
def test_what_is_no_refusal(reply, status):
    assert check(reply({"data": {}}, status)) is None


def test_too_fast_waits_as_long_as_hunter_says_or_else_a_moment(reply):
    with pytest.raises(RateLimited) as caught:
        check(reply(refusal(403), 403, retry_after="7"))
    assert caught.value.retry_after == 7
    with pytest.raises(RateLimited) as caught:
        check(reply("", 403))
    assert caught.value.retry_after


def test_no_address_and_no_key_in_a_message(reply):
    with pytest.raises(RequestRefused) as caught:
        check(reply(refusal(400, details="dana@example.com has api_key=abcdef12"), 400))
    assert str(caught.value) == "Hunter refuses the request: *** has api_key=***"


@pytest.mark.parametrize("body", [{"errors": "no"}, {"errors": [None]}, [], "<html>", {"errors": [{}]}])
def test_odd_refusals(reply, body):
    with pytest.raises(RequestRefused):
        check(reply(body, 400))


@pytest.mark.parametrize("word", ["VALID", " valid "])
def test_a_word_in_another_spelling(word):
    assert verdict(word) == "valid"


def test_valid_is_one_word_only():
    assert [word for word, worth in VERDICTS.items() if worth == "valid"] == ["valid"]
    assert {verdict(None), verdict(""), verdict("mostly_fine")} == {"unknown"}


def test_what_is_left(reply):
    counts = {"searches": {"used": 5, "available": 50}, "verifications": {"used": 1.5, "available": 100}}
    account = read_account(reply({"data": {"requests": counts, "reset_date": "2026-12-01", "email": "x"}}))
    assert account.left == {"searches": 45, "verifications": 98.5}
    assert str(account.renews_on) == "2026-12-01"
    assert (ACCOUNT.credits, ACCOUNT.url(API.base_url)) == (0.0, "https://api.hunter.io/v2/account")


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"requests": []}}, [], "x"])
def test_an_account_that_is_none(reply, body):
    with pytest.raises(Unreadable):
        read_account(reply(body))
