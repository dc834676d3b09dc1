import csv
from typing import ClassVar

import msgspec
import pytest

from leadspiders.apis.records import other_fields, read_records, table_rows
from leadspiders.errors import Unreadable


class Block(msgspec.Struct):
    city: str | None = None


class Thing(msgspec.Struct):
    id: str
    count: int | None = None
    block: Block | None = None
    names: list[str] | None = None
    dropped: ClassVar = frozenset({"noise"})


def test_an_optional_field_of_the_wrong_type_costs_only_itself():
    record = {"id": "1", "count": {"a": 1}, "names": ["a", 2], "block": "x"}
    ((thing, plain),), _ = read_records([record], Thing, "s")
    assert thing == Thing(id="1")
    assert plain == {"id": "1", "count": {"a": 1}, "names": ["a", 2], "block": "x"}


def test_numbers_in_text_are_numbers():
    ((thing, _),), _ = read_records([{"id": "1", "count": "140"}], Thing, "s")
    assert thing.count == 140


def test_a_record_without_its_key_is_broken_and_the_next_one_read():
    read, broken = read_records([{"count": 1}, {"id": 7}, "text", None, {"id": "5"}], Thing, "s")
    assert [thing.id for thing, _ in read] == ["5"]
    assert [(one.index, one.raw) for one in broken] == [(0, '{"count":1}'), (1, '{"id":7}'), (2, '"text"')]


def test_a_broken_record_hides_its_text_from_logs():
    _, (broken,) = read_records([{"email": "someone@example.com"}], Thing, "s")
    assert "someone" not in repr(broken)


def test_other_fields_are_what_nobody_reads_or_drops():
    record = {"id": "1", "note": "x", "noise": 1, "fresh": True, "empty": None}
    assert other_fields(record, Thing) == {"note": "x", "fresh": True}


def test_a_file_that_stops_being_csv():
    rows = table_rows(["a,b\n", '"' + "x" * (csv.field_size_limit() + 1) + '"\n'])
    assert next(rows) == ["a", "b"]
    with pytest.raises(Unreadable):
        next(rows)
