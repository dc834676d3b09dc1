"""NeverBounce: one address, a list of them, and how it says no in a 200."""

import pytest

from leadspiders.apis.neverbounce.account import read_credits
from leadspiders.apis.neverbounce.contract import ACCOUNT
from leadspiders.apis.neverbounce.jobs import create_call, fetch, hand_in, read_created
from leadspiders.apis.neverbounce.single import read_single, single_call
from leadspiders.apis.neverbounce.verification import read_verdict
from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from tests.cassettes.deck import Account, Deck

DISPOSABLE = "someone@throwaway.example.com"
LIST = ["someone@freemail.example.com", DISPOSABLE, "nobody@nowhere.example.com", "two..dots@freemail.example.com"]


def test_one_address(deck: Deck) -> None:
    with deck.play("neverbounce/single") as driver:
        raw = read_single(driver.send(single_call(DISPOSABLE)), DISPOSABLE)
        left = read_credits(driver.send(ACCOUNT))
    found = read_verdict(raw)
    assert (found.email, found.email_status) == (DISPOSABLE, "invalid")
    assert "disposable_email" in found.extras["neverbounce"]["flags"]
    assert left > 0


def test_a_list(deck: Deck) -> None:
    with deck.play("neverbounce/job") as driver:
        judged = driver.hold(fetch(driver.hold(hand_in(LIST)), len(LIST)))
    found = [read_verdict(raw or b"") for raw in judged.verdicts]
    assert [one.email for one in found] == LIST
    assert [one.email_status for one in found] == ["valid", "invalid", "invalid", "invalid"]
    assert judged.credits == 3.0  # what is no address is free


@pytest.mark.parametrize(
    ("name", "account", "error"),
    [
        ("neverbounce/key_refused", "invalid", CredentialRefused),
        ("neverbounce/key_not_from_here", "nomaster", CredentialRefused),
        ("neverbounce/request_refused", "good", RequestRefused),
        ("neverbounce/credits_used_up", "small", QuotaUsedUp),
    ],
)
def test_a_refusal_is_a_200(deck: Deck, name: str, account: Account, error: type[ApiError]) -> None:
    more_than_the_smallest_plan = [f"someone{place}@freemail.example.com" for place in range(41)]
    addresses = {RequestRefused: [""], QuotaUsedUp: more_than_the_smallest_plan}.get(error, LIST)
    with deck.play(name, account) as driver:
        reply = driver.send(create_call(addresses))
    assert reply.status == 200
    with pytest.raises(error):
        read_created(reply)


def test_too_many_jobs(deck: Deck) -> None:
    with deck.play("neverbounce/too_fast") as driver:
        driver.wear_out(create_call(LIST), times=10)
        reply = driver.send(create_call(LIST))
    with pytest.raises(RateLimited):
        read_created(reply)
