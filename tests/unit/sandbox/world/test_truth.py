"""One seed, one world, with the shares that a campaign is judged by."""

import pytest
from email_validator import EmailNotValidError, validate_email

from leadspiders.sandbox.world.people import LOCKED_EMAIL
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=5, people=1000, companies=400)


def test_one_seed_gives_one_world(world: World) -> None:
    again = grow(seed=5, people=1000, companies=400)
    assert [(p.id, p.name, p.email, p.linkedin_url) for p in again.people] == [
        (p.id, p.name, p.email, p.linkedin_url) for p in world.people
    ]
    assert [r.uei for r in again.registrations] == [r.uei for r in world.registrations]


def test_another_seed_gives_another_world(world: World) -> None:
    assert not {p.id for p in grow(seed=6, people=100, companies=10).people} & set(world.by_id)


def test_the_people_asked_for_are_there_once_each(world: World) -> None:
    target = [p for p in world.people if p.kind == "target" and p.twin_of is None]
    assert len(target) == 1000
    assert len({p.slug for p in target}) == 1000
    assert sum(p.complete for p in target) >= 950
    assert 0.5 < sum(bool(p.place.metro) for p in target) / 1000 < 0.75


def test_shares_of_what_is_odd(world: World) -> None:
    first = [p for p in world.people if p.kind == "target" and p.twin_of is None]
    assert sum(not p.matched for p in first) == 10
    assert sum(p.email is None for p in first) == 15
    assert sum(not p.email_good for p in first) == 45
    assert sum(p.twin_of is not None for p in world.people) == 30
    assert sum(p.kind == "bystander" for p in world.people) == 50


def test_second_records_show_the_same_profile_under_another_id(world: World) -> None:
    twins = [p for p in world.people if p.twin_of]
    assert all(world.by_id[p.identity].slug == p.slug and p.id != p.twin_of for p in twins)
    assert all(p.slug in p.linkedin_url.lower() for p in twins)


def test_addresses_are_unique_and_as_good_as_they_say(world: World) -> None:
    shared = [p.email for p in world.people if p.email not in (None, LOCKED_EMAIL) and p.twin_of is None]
    assert len(shared) == len(set(shared))
    for person in world.people:
        if person.email_good:
            validate_email(str(person.email), check_deliverability=False)
    broken = [p for p in world.people if p.email and not p.email_good and p.email_status == "unverified"]
    assert broken
    for person in broken:
        with pytest.raises(EmailNotValidError):
            validate_email(str(person.email), check_deliverability=False)


def test_nobody_real_can_be_reached(world: World) -> None:
    assert all(c.domain.endswith(".example.com") for c in (*world.marketing, *world.employers))
    assert all("555-01" in c.phone for c in (*world.marketing, *world.employers))


def test_employers_stand_at_both_edges_of_the_range(world: World) -> None:
    assert [(c.employees, c.in_size_range) for c in world.employers[:4]] == [
        (49, False),
        (50, True),
        (1200, True),
        (1201, False),
    ]
    assert all(c.listed and c.known_employees == c.employees for c in world.employers[:4])
    assert all(10 <= c.employees <= 5000 for c in world.employers)


def test_registrations_cover_every_employer_and_some_twice(world: World) -> None:
    first = [r for r in world.registrations if r.registered and r.twin_of is None]
    extra = [r for r in world.registrations if r.twin_of]
    assert {r.company.id for r in first} == {c.id for c in world.employers}
    assert len(extra) == 16
    assert sum(r.eft is not None for r in extra) == 8
    assert all(len(r.uei) == 12 and not set(r.uei) & set("IO") for r in world.registrations)


def test_restricted_records_mostly_hide_their_source(world: World) -> None:
    restricted = [r for r in world.registrations if r.evs_source == "D&B"]
    assert 0.1 < len(restricted) / len(world.registrations) < 0.3
    assert {r.evs_shown for r in restricted} == {"D&B", None}
    assert all(r.evs_shown == "E&Y" for r in world.registrations if r.evs_source == "E&Y")
