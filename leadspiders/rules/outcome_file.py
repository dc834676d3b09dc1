"""Reads what became of leads from a CSV file: who, what, when, and what it was worth."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import NamedTuple

from leadspiders.errors import ArgumentError
from leadspiders.rules.lookup_key import Key, lookup_key

KINDS = {
    "won": "won", "converted": "won", "closed won": "won", "customer": "won", "yes": "won", "true": "won", "1": "won",
    "lost": "lost", "closed lost": "lost", "rejected": "lost", "unqualified": "lost", "no": "lost", "false": "lost",
    "0": "lost",
}  # fmt: skip
"""What CRMs call the two ends of a lead. Anything else is still open, and no outcome."""
_WHO = ("lead", "id", "lead_id", "email", "linkedin_url", "linkedin", "domain", "uei", "phone")
_WHAT = ("outcome", "status", "stage", "converted", "result")
_WHEN = ("at", "date", "closed_at", "close_date", "closedate")
_WORTH = ("value_usd", "value", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One end of one lead; `kind` is won or lost, `value_usd` what it was worth."""

    key: Key
    kind: str
    at: datetime | None
    value_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file, from 1: an outcome, a lead that is still open (neither), or what is wrong."""

    number: int
    outcome: Outcome | None = None
    problem: str = ""


class _Columns(NamedTuple):
    who: list[str]
    what: str
    when: str | None
    worth: str | None


def read(text: str) -> Iterator[Line]:
    """Each line of the file. Raises `ArgumentError` when it has no column that says who, or none that says what."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    try:
        columns = _columns(rows.fieldnames or ())
        for row in rows:
            yield _line(rows.line_num, row, columns)
    except csv.Error as error:
        raise ArgumentError(f"line {rows.line_num} is no CSV ({error}): look for a quote that is not closed") from error


def _columns(names: Iterable[str]) -> _Columns:
    known = {(name or "").strip().lower().replace(" ", "_"): name for name in names}
    who, what = [known[name] for name in _WHO if name in known], _first(known, _WHAT)
    if not who or what is None:
        raise ArgumentError(
            "the first line must name a column for the lead (lead, email, linkedin_url, domain ...)"
            " and one called outcome"
        )
    return _Columns(who, what, _first(known, _WHEN), _first(known, _WORTH))


def _line(number: int, row: Mapping[str, str | None], columns: _Columns) -> Line:
    try:
        return Line(number=number, outcome=_outcome(row, columns))
    except ArgumentError as error:
        return Line(number=number, problem=str(error))


def _outcome(row: Mapping[str, str | None], columns: _Columns) -> Outcome | None:
    kind = KINDS.get((row[columns.what] or "").strip().lower().replace("_", " "))
    named = next((text for column in columns.who if (text := (row[column] or "").strip())), None)
    if named is None:
        raise ArgumentError("no lead is named")
    if kind is None:
        return None
    return Outcome(
        key=lookup_key(named),
        kind=kind,
        at=_moment((row[columns.when] or "").strip()) if columns.when else None,
        value_usd=_number((row[columns.worth] or "").strip()) if columns.worth else None,
    )


def _first(columns: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentError(f"{text} is no date: write 2026-11-30, or 2026-11-30T14:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        amount = float(text.replace(",", "").removeprefix("$"))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < math.inf:
        raise ArgumentError(f"{text} is no amount: write 1200 or 1200.50")
    return amount
