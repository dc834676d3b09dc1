"""Proxycurl's legacy contract: profiles and companies, and every way it says no."""

import pytest

from leadspiders.apis.proxycurl.company import company_call, read_company
from leadspiders.apis.proxycurl.contract import API, read_look_up
from leadspiders.apis.proxycurl.profile import profile_call, read_profile, read_resolved, resolve_call
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited
from tests.cassettes.deck import Deck

IVAN = "https://www.linkedin.com/in/example-ivan-brady-4eeda704"
CALL = profile_call(IVAN)


def test_a_profile_by_url_and_by_name_and_its_company(deck: Deck) -> None:
    with deck.play("proxycurl/found") as driver:
        by_url = read_profile(read_look_up(driver.send(CALL)) or b"")
        call = resolve_call("Ivan", "Brady", "stewartnorthtechnologies.example.com")
        by_name = read_resolved(read_look_up(driver.send(call)) or b"")
        company = read_company(read_look_up(driver.send(company_call(str(by_url.company.linkedin_url)))) or b"")
    assert by_url.full_name == by_name.full_name == "Ivan Brady"
    assert by_url.linkedin_url == by_name.linkedin_url == IVAN
    assert by_url.company.name == company.name == "Stewart North Technologies"
    assert company.employee_min


def test_nobody(deck: Deck) -> None:
    with deck.play("proxycurl/unknown") as driver:
        assert read_look_up(driver.send(profile_call("https://www.linkedin.com/in/nobody"))) is None


def test_a_wrong_key_is_refused(deck: Deck) -> None:
    with deck.play("proxycurl/key_refused", "invalid") as driver:
        reply = driver.send(CALL)
    with pytest.raises(CredentialRefused):
        read_look_up(reply)


def test_credits_are_used_up_before_it_is_too_fast(deck: Deck) -> None:
    with deck.play("proxycurl/used_up", "small") as driver:
        driver.wear_out(CALL, times=10)
        used_up = driver.send(CALL)
        driver.wear_out(CALL, times=19)
        too_fast = driver.send(CALL)
    for reply, error in ((used_up, QuotaUsedUp), (too_fast, RateLimited)):
        with pytest.raises(error):
            API.check(reply)
