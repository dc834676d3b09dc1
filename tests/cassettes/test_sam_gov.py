"""SAM.gov: pages of entities, the extract that is built on demand, and the two refusals that end a crawl."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from leadspiders.apis.http import Reply
from leadspiders.apis.sam_gov.extract import download_call, download_state, extract, read_token, start_call
from leadspiders.apis.sam_gov.packed import read_extract
from leadspiders.apis.sam_gov.pages import entities_call, read_entities
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RequestRefused
from tests.cassettes.deck import Deck

COLORADO: Any = {"physicalAddressProvinceOrStateCode": "CO", "registrationStatus": "A"}
DELAWARE: Any = {"physicalAddressProvinceOrStateCode": "DE", "registrationStatus": "A"}


def test_a_page_and_the_next(deck: Deck) -> None:
    with deck.play("sam_gov/crawl") as driver:
        first, second = (read_entities(driver.send(entities_call(page, **COLORADO))) for page in (0, 1))
    assert (len(first.companies), first.next, second.next) == (10, True, False)
    companies = first.companies + second.companies
    assert first.total == second.total == len({company.uei for company in companies}) == len(companies)
    assert {company.state for company in companies} == {"CO"}
    assert all(company.name and company.naics_code for company in companies)
    assert "no" in {company.marketing_use for company in companies}


def test_a_wrong_key_is_refused(deck: Deck) -> None:
    with deck.play("sam_gov/key_refused", "invalid") as driver:
        reply = driver.send(entities_call(**COLORADO))
    with pytest.raises(CredentialRefused, match="SAM_GOV_API_KEY"):
        read_entities(reply)


def test_the_quota_comes_back_when_the_body_says(deck: Deck) -> None:
    with deck.play("sam_gov/quota_used_up", "small") as driver:
        driver.wear_out(entities_call(**COLORADO), times=10)
        reply = driver.send(entities_call(**COLORADO))
    with pytest.raises(QuotaUsedUp) as caught:
        read_entities(reply)
    assert reply.status == 429
    assert caught.value.retry_at == datetime(2026, 11, 19, tzinfo=UTC)


def test_a_question_it_does_not_understand_is_refused(deck: Deck) -> None:
    with deck.play("sam_gov/request_refused") as driver:
        reply = driver.send(replace(entities_call(), params=(("includeSections", "everything"),)))
    with pytest.raises(RequestRefused) as caught:
        read_entities(reply)
    assert caught.value.status == 400


def test_an_extract_is_ordered_waited_for_and_read(deck: Deck) -> None:
    early, late = extract_as_json(deck)
    assert (download_state(early), early.status) == ("waiting", 400)
    assert (download_state(late), late.status) == ("ready", 200)
    assert places(late.body)


def test_an_extract_as_a_table_says_the_same(deck: Deck) -> None:
    with deck.play("sam_gov/extract_csv") as driver:
        reply = driver.hold(extract("csv", poll_seconds=2, **DELAWARE))
    assert places(reply.body) == places(extract_as_json(deck)[1].body)


def extract_as_json(deck: Deck) -> tuple[Reply, Reply]:
    """The answers to a poll that comes too early, and to one in time."""
    with deck.play("sam_gov/extract_json") as driver:
        token = read_token(driver.send(start_call("json", **DELAWARE)))
        return driver.send(download_call(token)), driver.send(download_call(token, delay=5))


def places(body: bytes) -> dict[str | None, tuple[str | None, str | None, str | None]]:
    """Of each company in an extract: name, city, industry; all are in the state that was asked for."""
    companies = list(read_extract(body))
    assert {company.state for company in companies} == {"DE"}
    return {company.uei: (company.name, company.city, company.naics_code) for company in companies}
