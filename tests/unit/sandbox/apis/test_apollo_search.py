"""Apollo's filters choose the people they should."""

from collections.abc import Callable
from typing import Any

import pytest

from leadspiders.sandbox.apis.apollo_search import find_companies, find_people, lives_in
from leadspiders.sandbox.state import Refused
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.places import metros
from leadspiders.sandbox.world.titles import TARGETS
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=2, people=400, companies=100)


def test_the_ten_titles_bring_everybody_who_fits(world: World) -> None:
    found = find_people(world, {"person_titles": TARGETS, "person_locations": ["United States"]})
    assert {p.identity for p in found if p.kind == "target"} == {p.identity for p in world.people if p.kind == "target"}
    assert any(p.kind == "bystander" for p in found)
    assert all(p.country == "United States" for p in found)


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"person_seniorities": ["c_suite"]}, lambda p: p.seniority == "c_suite"),
        ({"person_locations": ["California, US"]}, lambda p: p.place.state.code == "CA"),
        ({"person_locations": "Austin, Texas"}, lambda p: p.place.metro == "Austin"),
        ({"organization_num_employees_ranges": ["51,200"]}, lambda p: 51 <= p.company.employees <= 200),
        ({"organization_num_employees_ranges": ["1001,"]}, lambda p: p.company.employees >= 1001),
        ({"contact_email_status": ["likely to engage"]}, lambda p: p.email_status == "likely to engage"),
        ({"q_keywords": "saas"}, lambda p: p.company.kind == "saas"),
        ({"organization_locations": ["Illinois"]}, lambda p: p.company.place.state.code == "IL"),
        ({"revenue_range[min]": 10_000_000}, lambda p: p.company.revenue >= 10_000_000),
    ],
)
def test_filters(world: World, asked: dict[str, Any], fits: Callable[[Person], bool]) -> None:
    found = find_people(world, asked)
    assert found
    assert all(fits(person) for person in found)


def test_people_of_some_domains(world: World) -> None:
    domains = [world.employers[1].domain, world.employers[2].domain]
    found = find_people(world, {"q_organization_domains_list": domains})
    assert {p.company.domain for p in found} <= set(domains)
    assert len(found) == sum(p.company.domain in domains for p in world.people)
    with pytest.raises(Refused):
        find_people(world, {"q_organization_domains_list": ["x.example.com"] * 1001})


def test_companies_by_name_keyword_and_place(world: World) -> None:
    company = world.employers[0]
    assert company in find_companies(world, {"q_organization_name": company.name[:8]})
    assert {c.kind for c in find_companies(world, {"q_organization_keyword_tags": ["saas"]})} == {"saas"}
    away = find_companies(world, {"organization_not_locations": ["California"]})
    assert away
    assert all(c.place.state.code != "CA" for c in away)


@pytest.mark.parametrize(
    ("wanted", "inside"),
    [
        ("New York", True),
        ("New York, New York", False),
        ("Brooklyn, NY, US", True),
        ("New York City", True),
        ("Texas", False),
        ("usa", True),
        ("Canada", False),
    ],
)
def test_a_place_is_where_it_says(wanted: str, inside: bool) -> None:
    brooklyn = next(place for place in metros() if place.city == "Brooklyn")
    assert lives_in(brooklyn, "United States", [wanted]) is inside
