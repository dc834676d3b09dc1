"""What becomes of mail to an address, and who knows whose."""

import pytest

from leadspiders.sandbox.world import mailboxes
from leadspiders.sandbox.world.census import census
from leadspiders.sandbox.world.people import LOCKED_EMAIL
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=5, people=1000, companies=100)


def test_everybody_has_one_mailbox_of_their_own(world: World) -> None:
    first = [person for person in world.people if person.twin_of is None]
    assert len({person.mailbox for person in first}) == len(first)
    assert all(mailboxes.well_formed(person.mailbox) for person in first)
    assert all(person.email == person.mailbox for person in first if person.email_good)
    assert all(world.by_id[twin.identity].mailbox == twin.mailbox for twin in world.people if twin.twin_of)


def test_what_apollo_does_not_know_is_there_all_the_same(world: World) -> None:
    lacking = [person for person in world.people if person.email in (None, LOCKED_EMAIL) and person.twin_of is None]
    assert lacking
    assert {mailboxes.truth(world, person.mailbox) for person in lacking} <= {"valid", "catch-all"}


@pytest.mark.parametrize(
    ("address", "truth"),
    [
        ("someone@gmail.com", "webmail"),
        ("Someone@Throwaway.example.com", "disposable"),
        ("someone@nowhere.example.com", "invalid"),
        ("two..dots@gmail.com", "invalid"),
        ("no at sign", "invalid"),
        ("a@@gmail.com", "invalid"),
        ("", "invalid"),
    ],
)
def test_addresses_of_nobody_in_the_world(world: World, address: str, truth: str) -> None:
    assert mailboxes.truth(world, address) == truth


def test_a_host_takes_every_name_or_just_those_it_has(world: World) -> None:
    for company in world.marketing:
        known = mailboxes.truth(world, f"info@{company.domain}"), mailboxes.truth(world, f"nobody@{company.domain}")
        assert known == (("catch-all",) * 2 if mailboxes.catch_all(company.domain) else ("valid", "invalid"))
    share = sum(mailboxes.catch_all(company.domain) for company in world.marketing) / len(world.marketing)
    assert 0.02 < share < 0.12


def test_an_address_that_apollo_calls_unavailable_is_dead(world: World) -> None:
    dead = [person for person in world.people if not mailboxes.reads_mail(person)]
    assert dead
    assert all(person.email_status == "unavailable" and not mailboxes.knows("hunter", person) for person in dead)


def test_a_provider_knows_its_own_part(world: World) -> None:
    first = [person for person in world.people if mailboxes.reads_mail(person)]
    share = sum(mailboxes.knows("hunter", person) for person in first) / len(first)
    assert abs(share - mailboxes.ON_FILE["hunter"]) < 0.05


def test_the_census_tells_it(world: World) -> None:
    told = census(world, {"emails": ["info@nowhere.example.com,x@gmail.com"]})
    assert told["emails"] == {"info@nowhere.example.com": "invalid", "x@gmail.com": "webmail"}
    assert 0 < told["email_known_to"]["hunter"] < told["email_lacking"] < told["reachable"] < told["in_target"]
    assert 0 < told["at_catch_all_hosts"] < told["in_target"]
