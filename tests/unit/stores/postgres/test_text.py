import json
from dataclasses import dataclass
from decimal import Decimal

import pytest

from leadspiders.stores.postgres.text import as_json, storable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Zoë", "Zoë"),
        ("a\0b", "ab"),
        ("\0", ""),
        ("cut \ud83d off", "cut ? off"),
        ("whole 😀", "whole 😀"),
        ("both \0 and \udc00", "both  and ?"),
    ],
)
def test_text_loses_only_what_postgres_cannot_hold(given, kept):
    assert storable(given) == kept


@dataclass(slots=True)
class Thing:
    name: str
    price: Decimal


def test_json_of_dataclasses_and_odd_values():
    assert json.loads(as_json(Thing("x", Decimal("1.50")))) == {"name": "x", "price": "1.50"}


def test_json_loses_nul_and_half_characters_however_deep():
    data = {"a\0": ["x\0y", {"b": "\ud83d"}]}
    assert json.loads(as_json(data)) == {"a": ["xy", {"b": "?"}]}


def test_json_keeps_text_that_only_looks_like_an_escaped_nul():
    assert json.loads(as_json({"path": "C:\\u0000"})) == {"path": "C:\\u0000"}
