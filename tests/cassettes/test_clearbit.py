"""Clearbit's legacy contract: companies, people and domains, found, unknown and queued, and every way it says no."""

import pytest

from leadspiders.apis.clearbit.company import find_company_call, read_company
from leadspiders.apis.clearbit.contract import API
from leadspiders.apis.clearbit.domain import find_domain_call, read_domain
from leadspiders.apis.clearbit.look_up import look_up
from leadspiders.apis.clearbit.person import find_person_call, read_person
from leadspiders.apis.http import Usage
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from tests.cassettes.deck import Deck

DOMAIN = "waltermission.example.com"
QUEUED = "burnettelectric.example.com"
CALL = find_company_call(DOMAIN)


def test_a_company_a_person_and_a_domain(deck: Deck) -> None:
    with deck.play("clearbit/found") as driver:
        company = read_company(driver.hold(look_up(CALL)).body or b"")
        person = read_person(driver.hold(look_up(find_person_call(f"bruce.arellano@{DOMAIN}"))).body or b"")
        named = read_domain(driver.hold(look_up(find_domain_call("Walter Mission"))).body or b"")
    assert company.name == person.company.name == named.name == "Walter Mission"
    assert company.domain == person.company.domain == named.domain == DOMAIN
    assert person.full_name == "Bruce Stein-Arellano"


def test_an_unknown_company_is_counted(deck: Deck) -> None:
    with deck.play("clearbit/unknown") as driver:
        found = driver.hold(look_up(find_company_call("nobody.example.com")))
    assert (found.body, found.credits) == (None, 1.0)


def test_a_queued_look_up_is_waited_for(deck: Deck) -> None:
    with deck.play("clearbit/queued") as driver:
        found = driver.hold(look_up(find_company_call(QUEUED)))
    assert read_company(found.body or b"").domain == QUEUED
    assert found.credits == 1.0


def test_a_wrong_key_is_refused(deck: Deck) -> None:
    with deck.play("clearbit/key_refused", "invalid") as driver, pytest.raises(CredentialRefused):
        driver.hold(look_up(CALL))


def test_a_domain_that_is_none_is_refused(deck: Deck) -> None:
    with deck.play("clearbit/request_refused") as driver, pytest.raises(RequestRefused):
        driver.hold(look_up(find_company_call("no domain")))


def test_requests_are_used_up_before_it_is_too_fast(deck: Deck) -> None:
    with deck.play("clearbit/used_up", "small") as driver:
        driver.wear_out(CALL, times=20)
        used_up = driver.send(CALL)
        driver.wear_out(CALL, times=9)
        too_fast = driver.send(CALL)
    with pytest.raises(QuotaUsedUp):
        API.check(used_up)
    with pytest.raises(RateLimited) as caught:
        API.check(too_fast)
    assert caught.value.retry_after == float(too_fast.headers["x-ratelimit-reset"]) > 0
    assert API.usage(too_fast) == (Usage(seconds=60, limit=30, left=0),)
