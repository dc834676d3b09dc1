import io

import pytest

from leadspiders.apis.registry import APIS
from leadspiders.commands.keys import argument, typed
from leadspiders.commands.keys_check import NOT_ASKED, check
from leadspiders.errors import ArgumentError


@pytest.mark.parametrize(
    ("action", "rest", "word"),
    [
        ("add", [], "name one API"),
        ("add", ["apollo", "the-secret"], "the key is asked for"),
        ("add", ["apolo"], "did you mean 'apollo'"),
        ("add", ["bls"], "takes a key"),
        ("remove", [], "name one credential"),
        ("check", ["yelp"], "one API of"),
        ("list", ["x"], "no argument"),
    ],
)
def test_what_was_asked_wrongly_is_told(action: str, rest: list[str], word: str) -> None:
    with pytest.raises(ArgumentError, match=word) as caught:
        argument(action, rest)
    assert "the-secret" not in str(caught.value)


def test_a_key_comes_from_standard_input(monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("  the-key \nsecond line"))
    assert typed("apollo") == "the-key"


@pytest.mark.parametrize("text", ["", "\n", "two words\n", "one,two\n", "schlüssel\n", "a\x00b\n"])
def test_what_is_no_key_is_refused_and_not_repeated(text: str, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(ArgumentError) as caught:
        typed("apollo")
    assert not text.strip() or text.strip() not in str(caught.value)


def test_an_api_without_a_free_call_is_not_asked() -> None:
    assert check(APIS["sam_gov"], "key", "http://127.0.0.1:9", user_agent="x") == NOT_ASKED


def test_an_api_that_is_not_there_gives_no_answer() -> None:
    assert check(APIS["apollo"], "the-secret", "http://127.0.0.1:9", user_agent="x").startswith("no answer")
