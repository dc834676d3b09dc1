from typing import ClassVar

import msgspec
import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.records import read_records


class Block(msgspec.Struct):
    city: str | None = None
    always: ClassVar = frozenset({"city"})


class Thing(msgspec.Struct):
    id: str
    count: int | None = None
    block: Block | None = None
    names: list[str] | None = None
    kept: ClassVar = frozenset({"note"})
    dropped: ClassVar = frozenset({"noise"})


def test_a_record_as_documented_is_no_drift():
    drift = Drift()
    read_records([{"id": "1", "block": {"city": None}, "note": "x", "noise": 1}], Thing, "s", drift)
    assert not drift.fields
    assert drift.share("s") == 0.0


def test_new_lost_and_retyped_fields_are_counted():
    drift = Drift()
    records = [
        {"id": "1", "fresh": True, "block": {"town": "X"}},
        {"id": "2", "count": "many", "block": None},
        {"id": "3", "fresh": False},
    ]
    read, broken = read_records(records, Thing, "s", drift)
    assert drift.fields == {
        ("s", "fresh", "unknown"): 2,
        ("s", "block.town", "unknown"): 1,
        ("s", "block.city", "missing"): 1,
        ("s", "count", "wrong type"): 1,
    }
    assert [thing.id for thing, _ in read] == ["1", "2", "3"]
    assert broken == []
    # A new field alone makes no record differ.
    assert drift.share("s") == 2 / 3
    assert drift.share("never seen") == 0.0


@pytest.mark.parametrize(
    ("differing", "records", "told"),
    [
        (0, 10, False),
        (1, 10, False),  # one odd reply
        (2, 10, False),
        (3, 10, True),
        (3, 150, False),  # 2 % are not more than 2 %
        (4, 150, True),
        (1, 1, True),  # all there are
        (2, 2, True),
        (2, 3, False),
    ],
)
def test_a_few_odd_records_among_others_are_no_change_of_a_source(differing, records, told):
    drift = Drift()
    for number in range(records):
        drift.looked_at("s", differs=number < differing)
    assert drift.above(0.02) == ({"s": differing / records} if told else {})
