"""The player itself: it refuses what is not recorded, and records the same twice."""

from pathlib import Path

import pytest
from betamax.exceptions import BetamaxError

from leadspiders.apis.apollo.people import Target, search_people_call
from leadspiders.apis.http import Call
from leadspiders.apis.hubspot.properties import list_call
from leadspiders.apis.hubspot.upsert import Record, upsert_contacts_call
from leadspiders.apis.sam_gov.extract import download_call
from tests.cassettes.deck import MARK, Deck
from tests.cassettes.tape import meaning, some_rows


def test_a_request_that_is_not_recorded_fails(deck_of: Path) -> None:
    deck = Deck("cassette", deck_of)
    with deck.play("apollo/people") as driver:
        with pytest.raises(BetamaxError, match="could not be found"):
            driver.send(search_people_call(Target(titles=("CFO",)), per_page=2))
        assert driver.send(people()).status == 200
        with pytest.raises(BetamaxError, match="could not be found"):
            driver.send(people())


def test_a_request_that_nobody_makes_fails(deck_of: Path) -> None:
    with pytest.raises(AssertionError, match="nobody makes"), Deck("cassette", deck_of).play("apollo/people"):
        pass


def test_a_missing_cassette_is_named(deck_of: Path) -> None:
    with pytest.raises(FileNotFoundError, match="apollo/nothing"), Deck("cassette", deck_of).play("apollo/nothing"):
        pass


def test_the_key_is_not_recorded(deck_of: Path) -> None:
    text = (deck_of / "apollo" / "people.json").read_text()
    assert MARK not in text
    assert "<APOLLO_API_KEY>" in text


def test_two_recordings_are_the_same(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        deck = Deck("sandbox", tmp_path / folder)
        with deck.play("sam_gov/refused") as driver:
            assert driver.send(download_call("NOSUCHTOKEN")).status == 400  # a time and an id in its body
        with deck.play("hubspot/refused", "small") as driver:
            driver.wear_out(list_call("contacts"), times=10)
            person = Record(key="p", properties={"email": "a@b.example.com"})
            assert driver.send(upsert_contacts_call([person])).status == 429  # two ids in its body
    for name in ("sam_gov/refused.json", "hubspot/refused.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_json_is_compared_by_what_it_says() -> None:
    assert meaning('{"a": 1, "b": [2]}') == meaning('{"b":[2],"a":1}')
    assert meaning("a=1") != meaning("a=2")


def test_a_long_table_keeps_rows_from_all_over() -> None:
    kept = some_rows("".join(f"{row}\n" for row in range(101))).splitlines()
    assert (kept[:2], kept[-1], len(kept)) == (["0", "1"], "97", 26)
    assert some_rows("only\na few\n") == "only\na few\n"


@pytest.fixture(scope="module")
def deck_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one cassette: the first page of a search for people."""
    folder = tmp_path_factory.mktemp("cassettes")
    with Deck("sandbox", folder).play("apollo/people") as driver:
        driver.send(people())
    return folder


def people() -> Call:
    return search_people_call(Target(titles=("Media Buyer",)), per_page=2)
