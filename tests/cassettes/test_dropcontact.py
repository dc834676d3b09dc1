"""Dropcontact: records are handed in and looked for, and every way it says no."""

import pytest

from leadspiders.apis.dropcontact.account import read_credits
from leadspiders.apis.dropcontact.contract import CREDITS
from leadspiders.apis.dropcontact.enrich import fetch, fetch_call, hand_in, read_fetched, read_submitted, submit_call
from leadspiders.apis.dropcontact.record import read_record
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from tests.cassettes.deck import Deck

PEGGY = {"full_name": "Peggy Houston", "website": "daviespetroleum.example.com"}
HUNTER = {"full_name": "Hunter Solomon", "website": "valenciasonsengineers.example.com"}
SOLANGE = {"full_name": "Solange", "website": "ayalatrust.example.com"}
NOBODY = {"full_name": "Nobody Nowhere", "company": "Nothing"}
DEAD = {"email": "nobody.nowhere@daviespetroleum.example.com"}


def test_records_are_enriched_and_charged_for_by_address(deck: Deck) -> None:
    with deck.play("dropcontact/enrich") as driver:
        before = read_credits(driver.send(CREDITS))
        request_id = driver.hold(hand_in([PEGGY, HUNTER, SOLANGE, NOBODY, DEAD]))
        enriched = driver.hold(fetch(request_id, 5))
        after = read_credits(driver.send(CREDITS))
    contacts = [raw and read_record(raw) for raw in enriched.records]
    assert [contact and (contact.email, contact.email_status) for contact in contacts] == [
        ("peggy.houston@daviespetroleum.example.com", "valid"),
        ("hunter.solomon@valenciasonsengineers.example.com", "risky"),
        (None, None),
        None,
        ("nobody.nowhere@daviespetroleum.example.com", "invalid"),
    ]
    assert contacts[2]
    assert contacts[2].flags == ["do-not-contact"]
    assert before - after == enriched.credits == 4


def test_what_is_not_ready_says_when_to_look_again(deck: Deck) -> None:
    with deck.play("dropcontact/not_ready") as driver:
        request_id = read_submitted(driver.send(submit_call([PEGGY])))
        waiting = read_fetched(driver.send(fetch_call(request_id)), 1)
        strange = read_fetched(driver.send(fetch_call("no-such-request", force=True)), 1)
    assert waiting == strange == 30.0


def test_a_wrong_key_is_refused(deck: Deck) -> None:
    with deck.play("dropcontact/key_refused", "invalid") as driver:
        reply = driver.send(submit_call([PEGGY]))
    with pytest.raises(CredentialRefused):
        read_submitted(reply)


def test_a_record_that_names_nobody_is_refused(deck: Deck) -> None:
    with deck.play("dropcontact/request_refused") as driver:
        reply = driver.send(submit_call([{"full_name": "Peggy Houston"}]))
    with pytest.raises(RequestRefused, match="Missing data"):
        read_submitted(reply)


def test_credits_that_do_not_reach(deck: Deck) -> None:
    with deck.play("dropcontact/credits_used_up", "small") as driver:
        reply = driver.send(submit_call([PEGGY] * 6))
    with pytest.raises(QuotaUsedUp, match="credits"):
        read_submitted(reply)


def test_too_fast(deck: Deck) -> None:
    with deck.play("dropcontact/too_fast") as driver:
        driver.wear_out(CREDITS, times=60)
        reply = driver.send(CREDITS)
    with pytest.raises(RateLimited) as caught:
        read_credits(reply)
    assert caught.value.retry_after == 1.0
