import pytest

from leadspiders.apis.neverbounce.account import read_credits
from leadspiders.apis.neverbounce.contract import ACCOUNT, API, VERDICTS, check, verdict
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        ("auth_failure", "Invalid API key", CredentialRefused),
        ("bad_referrer", "not from here", CredentialRefused),
        ("throttle_triggered", "slow down", RateLimited),
        ("temp_unavail", "later", Unavailable),
        ("general_failure", "Missing parameter", RequestRefused),
        ("general_failure", "Insufficient credit balance", QuotaUsedUp),
        ("something_else", None, RequestRefused),
        (5, "x", RequestRefused),
    ],
)
def test_a_refusal_inside_a_200(reply, status, message, error):
    with pytest.raises(error) as caught:
        check(reply({"status": status, "message": message, "execution_time": 3}))
    assert type(caught.value) is error


@pytest.mark.parametrize("body", [{"status": "success"}, {"ok": 1}, [], "", "id,email\n1,a"])
def test_what_is_no_refusal(reply, body):
    assert check(reply(body)) is None


def test_a_list_that_is_too_big(reply):
    with pytest.raises(RequestRefused):
        check(reply("too large", 413))


def test_no_address_and_no_key_in_a_message(reply):
    with pytest.raises(RequestRefused) as caught:
        check(reply({"status": "general_failure", "message": "dana@example.com: key=abcdef12\n"}))
    assert str(caught.value) == "NeverBounce refuses the request (general_failure): *** key=***"


@pytest.mark.parametrize(
    ("result", "worth"),
    [("valid", "valid"), ("invalid", "invalid"), ("disposable", "invalid"), ("catchall", "risky"),
     ("unknown", "unknown"), (0, "valid"), (1, "invalid"), ("2", "invalid"), (3, "risky"), (4, "unknown"),
     (5, "unknown"), (-1, "unknown"), (None, "unknown"), ("", "unknown"), ("CatchAll", "risky")],
)  # fmt: skip
def test_what_a_result_is_worth(result, worth):
    assert verdict(result) == worth


def test_valid_is_one_word_only():
    assert [word for word, worth in VERDICTS.items() if worth == "valid"] == ["valid"]


def test_credits_left(reply):
    info = {"paid_credits_remaining": 900, "free_credits_remaining": 10}
    assert read_credits(reply({"status": "success", "credits_info": info})) == 910
    assert (ACCOUNT.credits, ACCOUNT.url(API.base_url)) == (0.0, "https://api.neverbounce.com/v4.2/account/info")
    for body in ({}, {"credits_info": 5}, [], ""):
        with pytest.raises(Unreadable):
            read_credits(reply(body))
