"""HubSpot: properties on demand, companies and contacts, who works where, and records that fail alone."""

import pytest

from leadspiders.apis.http import Usage
from leadspiders.apis.hubspot.associate import associate_call, read_associated
from leadspiders.apis.hubspot.contract import API, ObjectType
from leadspiders.apis.hubspot.properties import KEY, ensure_properties, list_call, wanted
from leadspiders.apis.hubspot.upsert import Record, read_upsert, upsert_companies_call, upsert_contacts_call
from leadspiders.errors import CredentialRefused, RateLimited
from tests.cassettes.deck import Account, Deck
from tests.cassettes.driver import Driver

COMPANIES = [Record(key="c-1", properties={"name": "Ohio Gear Works", "domain": "ohiogear.example.com"})]
PEOPLE = [
    Record(key="p-1", properties={"email": "dana.field@ohiogear.example.com", "firstname": "Dana"}),
    Record(key="p-2", properties={"email": "lee.park@ohiogear.example.com", "firstname": "Lee"}),
]


def test_properties_are_made_once(deck: Deck) -> None:
    with deck.play("hubspot/properties") as driver:
        names = [one.name for one in wanted(custom_fields=True)]
        assert driver.hold(ensure_properties("companies", wanted(custom_fields=True))) == names
        assert driver.hold(ensure_properties("companies", wanted(custom_fields=True))) == []


def test_companies_people_and_who_works_where(deck: Deck) -> None:
    with deck.play("hubspot/upsert") as driver:
        make_key(driver, "companies")
        make_key(driver, "contacts")
        companies = read_upsert(driver.send(upsert_companies_call(COMPANIES)), COMPANIES)
        people = read_upsert(driver.send(upsert_contacts_call(PEOPLE)), PEOPLE)
        again = read_upsert(driver.send(upsert_contacts_call(PEOPLE)), PEOPLE)
        pairs = [(person.id, companies.written["c-1"].id) for person in people.written.values()]
        loose = read_associated(driver.send(associate_call(pairs)), pairs)
    assert (companies.failed, people.failed, companies.unsaid, people.unsaid) == ({}, {}, (), ())
    assert people.written.keys() == {"p-1", "p-2"}
    assert {key: one.id for key, one in again.written.items()} == {key: one.id for key, one in people.written.items()}
    assert [one.new for one in again.written.values()] == [False, False]
    assert loose == []


def test_a_record_fails_alone(deck: Deck) -> None:
    people = [PEOPLE[0], Record(key="p-3", properties={"email": "no-address", "firstname": "Kim"})]
    with deck.play("hubspot/partial_failure") as driver:
        make_key(driver, "contacts")
        reply = driver.send(upsert_contacts_call(people))
    assert reply.status == 207
    upserted = read_upsert(reply, people)
    assert (list(upserted.written), list(upserted.failed), upserted.unsaid) == (["p-1"], ["p-3"], ())
    assert upserted.failed["p-3"].category == "VALIDATION_ERROR"


def test_a_pair_that_cannot_be_tied_is_told(deck: Deck) -> None:
    with deck.play("hubspot/association_failure") as driver:
        make_key(driver, "companies")
        company = read_upsert(driver.send(upsert_companies_call(COMPANIES)), COMPANIES).written["c-1"].id
        pairs = [("1", company)]
        reply = driver.send(associate_call(pairs))
    assert reply.status == 207
    assert read_associated(reply, pairs) == pairs


@pytest.mark.parametrize(
    ("name", "account", "status"),
    [("hubspot/token_refused", "invalid", 401), ("hubspot/token_without_scopes", "nomaster", 403)],
)
def test_a_token_is_refused(deck: Deck, name: str, account: Account, status: int) -> None:
    with deck.play(name, account) as driver:
        reply = driver.send(upsert_contacts_call(PEOPLE))
    with pytest.raises(CredentialRefused, match="HUBSPOT_TOKEN") as caught:
        read_upsert(reply, PEOPLE)
    assert caught.value.status == status


def test_too_fast(deck: Deck) -> None:
    with deck.play("hubspot/too_fast", "small") as driver:
        driver.wear_out(list_call("contacts"), times=10)
        reply = driver.send(upsert_contacts_call(PEOPLE))
    with pytest.raises(RateLimited) as caught:
        read_upsert(reply, PEOPLE)
    assert caught.value.retry_after == 10
    assert Usage(seconds=10, limit=10, left=0) in API.usage(reply)


def make_key(driver: Driver, object_type: ObjectType) -> None:
    """The property that our records are found by."""
    assert driver.hold(ensure_properties(object_type, wanted(custom_fields=False))) in ([], [KEY])
