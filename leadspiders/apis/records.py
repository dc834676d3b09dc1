"""Turns the records of a reply into typed structs one by one, so that one broken record does not cost its page.

An optional field of the wrong type is left out and counted as drift: a match that was paid for is worth having without
its founding year. Only a record without what it is known by is handed back as broken, to be parked with its reason.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.errors import Unreadable

S = TypeVar("S", bound=msgspec.Struct)

WHERE = re.compile(r"^(?P<why>.*) - at `\$(?P<path>[^`]*)`$")
# Documented answers hold a dozen typed fields at most; more mistakes than that are another kind of record.
MOST_REPAIRS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A record that cannot be read: its place in the reply or file (from 0), why, and its text for the parking lot."""

    index: int
    reason: str
    raw: str = field(repr=False)


Refuse = Callable[[Broken], None]
"""Takes what cannot be read, so that a reader can go on with the next record."""


def put_aside(broken: Broken, refuse: Refuse | None) -> None:
    """Hand a record to whoever takes them; raise `Unreadable` where there is nobody, so that none is lost unseen."""
    if refuse is None:
        raise Unreadable(broken.reason)
    refuse(broken)


def read_records(
    records: Iterable[Any], kind: type[S], source: str, drift: Drift | None = None
) -> tuple[list[tuple[S, dict[str, Any]]], list[Broken]]:
    """Each record as a struct beside its plain form, and those that cannot be read. Null records are left out."""
    drift = drift or Drift()
    read: list[tuple[S, dict[str, Any]]] = []
    broken: list[Broken] = []
    for index, record in enumerate(records):
        if record is None:
            continue
        if not isinstance(record, dict):
            broken.append(Broken(index=index, reason="the record is no object", raw=_text(record)))
            continue
        before = drift.losses
        drift.compare(source, record, kind)
        try:
            read.append((read_record(record, kind, source, drift), record))
        except msgspec.ValidationError as error:
            broken.append(Broken(index=index, reason=str(error), raw=_text(record)))
        drift.looked_at(source, differs=drift.losses > before)
    return read, broken


def read_record(record: dict[str, Any], kind: type[S], source: str, drift: Drift) -> S:
    """A plain record as a struct, without the optional fields that are of the wrong type.

    Raises `msgspec.ValidationError` when a field the struct cannot do without is missing or wrong.
    """
    for _ in range(MOST_REPAIRS):
        try:
            return msgspec.convert(record, kind, strict=False)
        except msgspec.ValidationError as error:
            found = WHERE.match(str(error))
            if found is None:
                raise
            path = found["path"].split("[")[0].strip(".")
            record, removed = _without(record, path.split("."))
            if not removed:
                raise
            drift.note(source, path, "wrong type")
    return msgspec.convert(record, kind, strict=False)


def other_fields(record: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    """What a record holds at its top level that its struct neither reads nor drops: kept, it may be of use."""
    used = _used(kind)
    return {name: value for name, value in record.items() if name not in used and value is not None}


def table_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file, as its lines come in; raises `Unreadable` where it stops being one."""
    try:
        yield from csv.reader(lines)
    except csv.Error as error:
        raise Unreadable(f"the file is no CSV from here on: {error}") from error


@cache
def _used(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(kind.__struct_encode_fields__) | getattr(kind, "dropped", frozenset())


def _without(record: dict[str, Any], path: list[str]) -> tuple[dict[str, Any], bool]:
    """A copy of the record without the field at `path`; the caller keeps its own."""
    name = path[0]
    if name not in record:
        return record, False
    copy = dict(record)
    if len(path) == 1:
        del copy[name]
        return copy, True
    if not isinstance(copy[name], dict):
        return record, False
    copy[name], removed = _without(copy[name], path[1:])
    return copy, removed


def _text(record: Any) -> str:
    return msgspec.json.encode(record).decode()
