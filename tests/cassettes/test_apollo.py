"""Apollo: the free search, what is bought, and every way it says no."""

from dataclasses import replace

import pytest

from leadspiders.apis.apollo.contract import API
from leadspiders.apis.apollo.match import bulk_match_call, read_matches
from leadspiders.apis.apollo.organizations import (
    bulk_enrich_call,
    read_employer,
    read_enriched,
    read_organization_page,
    search_organizations_call,
)
from leadspiders.apis.apollo.people import Target, read_people, search_people_call
from leadspiders.apis.http import Usage
from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused
from tests.cassettes.deck import Account, Deck

HR = Target(titles=("HR Director",), locations=("United States",))
SEARCH = search_people_call(HR, per_page=4)
UNKNOWN = "000000000000000000000000"


def test_a_search_is_masked_and_tells_the_limits(deck: Deck) -> None:
    with deck.play("apollo/search") as driver:
        reply = driver.send(SEARCH)
    page = read_people(reply)
    assert page.total > len(page.contacts) == 4
    for contact in page.contacts:
        assert (contact.full_name, contact.email, contact.linkedin_url) == (None, None, None)
        assert "*" in str(contact.last_name_masked)
    windows = API.usage(reply)
    assert [window.seconds for window in windows] == [60, 3_600, 86_400]
    assert all(window.limit and window.left is not None and window.left < window.limit for window in windows)


def test_a_match_names_those_it_finds_and_charges_for_them(deck: Deck) -> None:
    with deck.play("apollo/match") as driver:
        masked = read_people(driver.send(SEARCH)).contacts
        ids = [str(contact.provider_key).removeprefix("apollo:") for contact in masked]
        matches = read_matches(driver.send(bulk_match_call([*ids, UNKNOWN])))
    assert matches.contacts
    assert matches.contacts.keys() <= set(ids)
    assert (matches.credits, matches.missing) == (len(matches.contacts), len(ids) + 1 - len(matches.contacts))
    first_names = dict(zip(ids, (contact.first_name for contact in masked), strict=True))
    for key, contact in matches.contacts.items():
        assert contact.first_name == first_names[key]
        assert contact.last_name
        assert contact.company.name


def test_companies_by_ten_are_charged_for_if_they_are_found(deck: Deck) -> None:
    domains = ["ayalatrust.example.com", "nobody.example.com", "campbellcleaning.example.com"]
    with deck.play("apollo/organizations") as driver:
        found = read_enriched(driver.send(bulk_enrich_call(domains)))
    assert [raw and read_employer(raw).domain for raw in found.of(domains)] == [domains[0], None, domains[2]]
    assert found.credits == 2


def test_companies_of_a_search(deck: Deck) -> None:
    with deck.play("apollo/organization") as driver:
        listed = read_organization_page(driver.send(search_organizations_call(per_page=3))).companies
    assert len(listed) == 3
    assert all(company.name and company.provider_key for company in listed)


@pytest.mark.parametrize(
    ("name", "account", "status", "error"),
    [
        ("apollo/key_refused", "invalid", 401, CredentialRefused),
        ("apollo/key_without_rights", "nomaster", 403, CredentialRefused),
        ("apollo/request_refused", "good", 422, RequestRefused),
    ],
)
def test_a_refusal_by_its_status(deck: Deck, name: str, account: Account, status: int, error: type[ApiError]) -> None:
    page = 501 if error is RequestRefused else 1
    with deck.play(name, account) as driver:
        reply = driver.send(replace(SEARCH, json=SEARCH.json | {"page": page}))
    with pytest.raises(error) as caught:
        read_people(reply)
    assert caught.value.status == reply.status == status


def test_too_fast(deck: Deck) -> None:
    with deck.play("apollo/too_fast", "small") as driver:
        driver.wear_out(SEARCH, times=50)
        reply = driver.send(SEARCH)
    with pytest.raises(RateLimited, match="50 times per minute") as caught:
        read_people(reply)
    assert caught.value.retry_after == float(reply.headers["retry-after"]) > 0
    assert Usage(seconds=60, limit=50, left=0) in API.usage(reply)


def test_credits_that_are_used_up_are_no_wrong_request(deck: Deck) -> None:
    with deck.play("apollo/credits_used_up", "small") as driver:
        page = read_people(driver.send(search_people_call(HR, per_page=10)))
        call = bulk_match_call([str(contact.provider_key).removeprefix("apollo:") for contact in page.contacts])
        driver.wear_out(call, times=20)
        reply = driver.send(call)
    assert reply.status == 422
    with pytest.raises(QuotaUsedUp):
        read_matches(reply)
