"""Hunter: a person's address, verdicts at once and in time, the list of a company, and every way it says no."""

import pytest

from leadspiders.apis.http import Call
from leadspiders.apis.hunter.account import read_account
from leadspiders.apis.hunter.contract import ACCOUNT
from leadspiders.apis.hunter.domain import domain_call, read_page
from leadspiders.apis.hunter.finder import finder_call, read_finding, read_found
from leadspiders.apis.hunter.verifier import read_verdict, verifier_call, verify
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from tests.cassettes.deck import Deck

COMPANY = "wilkinssonsforwarding.example.com"
NOBODY = finder_call(domain="nobody.example.com", first_name="No", last_name="Body")


def test_an_address_by_name(deck: Deck) -> None:
    with deck.play("hunter/find") as driver:
        people = read_page(driver.send(domain_call(COMPANY, limit=10))).people
        found = [
            read_finding(raw)
            for person in people
            if (raw := read_found(driver.send(ask(person.first_name, person.last_name)))[0])
        ]
        nobody = read_found(driver.send(NOBODY))
        unknown = read_found(driver.send(ask("No", "Body")))
    assert people
    assert [one.email for one in found] == [one.email for one in people]
    assert {one.email_status for one in found} <= {"valid", "risky", "unknown"}
    assert nobody == unknown == (None, 0.0)


def ask(first: str | None, last: str | None) -> Call:
    return finder_call(domain=COMPANY, first_name=first or "", last_name=last or "")


def test_a_company(deck: Deck) -> None:
    with deck.play("hunter/domain") as driver:
        page = read_page(driver.send(domain_call(COMPANY)))
        left = read_account(driver.send(ACCOUNT)).left
    assert len(page.people) == page.total > 0
    assert page.pattern == "{first}.{last}"
    assert set(left) == {"searches", "verifications"}
    assert left["searches"] > 0


def test_a_verdict_at_once_and_one_that_takes_its_time(deck: Deck) -> None:
    with deck.play("hunter/verify") as driver:
        verdicts = {
            address: driver.hold(verify(address))
            for address in (SLOW, "someone@throwaway.example.com", "nobody@nowhere.example.com")
        }
    found = {address: read_verdict(verified.raw or b"") for address, verified in verdicts.items()}
    assert {address: one.email for address, one in found.items()} == {address: address for address in verdicts}
    assert [one.email_status for one in found.values()] == ["risky", "invalid", "invalid"]
    assert {verified.credits for verified in verdicts.values()} == {1.0}


SLOW = "someone23@freemail.example.com"


def test_a_key_that_is_refused(deck: Deck) -> None:
    with deck.play("hunter/key_refused", "invalid") as driver:
        reply = driver.send(ACCOUNT)
    with pytest.raises(CredentialRefused):
        read_account(reply)


def test_a_wrong_question(deck: Deck) -> None:
    with deck.play("hunter/request_refused") as driver:
        reply = driver.send(verifier_call("no-at-sign"))
    assert reply.status == 422
    with pytest.raises(RequestRefused):
        read_page(reply)


def test_too_fast_is_no_used_up_plan(deck: Deck) -> None:
    with deck.play("hunter/too_fast") as driver:
        driver.wear_out(NOBODY, times=15)
        reply = driver.send(NOBODY)
    assert reply.status == 403
    with pytest.raises(RateLimited):
        read_found(reply)


def test_a_used_up_plan_is_no_too_fast(deck: Deck) -> None:
    call = domain_call(COMPANY, limit=10)
    with deck.play("hunter/plan_used_up", "small") as driver:
        for _ in range(5):
            driver.wear_out(call, times=5)
            driver.pause(1.0)
        reply = driver.send(call)
    assert reply.status == 429
    with pytest.raises(QuotaUsedUp):
        read_page(reply)
