"""The census counts what a question is about, and refuses what it cannot answer."""

import pytest

from leadspiders.sandbox.world.census import QuestionError, census
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=3, people=300, companies=200)


def test_without_a_question_all_is_counted(world: World) -> None:
    told = census(world, {})
    assert (told["in_target"], told["companies"]) == (300, 200)
    assert told["records"] == len(world.people) == told["people"] + told["duplicates"]
    assert told["registrations"] == told["companies"] + told["company_duplicates"]
    assert told["complete"] <= told["in_target"] - told["unmatched"]


def test_states_add_up_to_the_whole(world: World) -> None:
    states = {p.place.state.code for p in world.people} | {c.place.state.code for c in world.employers}
    parts = [census(world, {"states": [state]}) for state in states]
    whole = census(world, {})
    for count in ("records", "in_target", "companies", "in_size_range"):
        assert sum(part[count] for part in parts) == whole[count]


def test_titles_may_be_joined_by_commas(world: World) -> None:
    both = census(world, {"titles": ["PPC Manager, Media Buyer"]})["in_target"]
    apart = [census(world, {"titles": [title]})["in_target"] for title in ("PPC Manager", "Media Buyer")]
    assert both == sum(apart) > 0


def test_strict_titles_bring_fewer(world: World) -> None:
    asked = {"titles": ["Marketing Operations Manager"]}
    assert census(world, asked | {"similar_titles": ["false"]})["records"] < census(world, asked)["records"]


def test_metros_and_sizes(world: World) -> None:
    told = census(world, {"metros": ["New York"]})
    assert told["in_metros"] == told["in_target"] > 0
    sized = census(world, {"employees_min": ["50"], "employees_max": ["1200"]})
    assert sized["companies"] == sized["in_size_range"] == census(world, {})["in_size_range"]


@pytest.mark.parametrize("asked", [{"colour": ["red"]}, {"employees_min": ["many"]}])
def test_what_it_cannot_answer_is_refused(world: World, asked: dict[str, list[str]]) -> None:
    with pytest.raises(QuestionError):
        census(world, asked)
