"""Reads a list of opt-outs: a CSV file with columns named by kind, or one opt-out a line."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from leadspiders.errors import ArgumentError
from leadspiders.rules.optout import KINDS, named

# What other programs call the columns.
_COLUMNS = {
    "email": "email", "e-mail": "email", "email address": "email", "mail": "email",
    "phone": "phone", "phone number": "phone", "mobile": "phone", "telephone": "phone",
    "linkedin": "linkedin", "linkedin url": "linkedin", "linkedin_url": "linkedin", "profile": "linkedin",
    "domain": "domain", "company domain": "domain", "website": "domain",
}  # fmt: skip


class Line(NamedTuple):
    """One opt-out of a file, or what is wrong with it; `number` counts from 1."""

    number: int
    entry: tuple[str, str] | None
    problem: str = ""


def read(text: str) -> Iterator[Line]:
    """Each opt-out of the text, and each that cannot be understood. Empty lines and `#` comments are passed over."""
    rows = [_cells(line) for line in text.removeprefix("\ufeff").splitlines()]
    head = [_COLUMNS.get(cell.strip().lower().replace("_", " "), "") for cell in rows[0]] if rows else []
    columns = {place: kind for place, kind in enumerate(head) if kind in KINDS}
    for number, row in enumerate(rows[1:] if columns else rows, start=2 if columns else 1):
        cells = [(cell.strip(), columns.get(place)) for place, cell in enumerate(row)]
        if columns:
            cells = [(cell, kind) for cell, kind in cells if kind]
        elif row and row[0].lstrip().startswith("#"):
            continue
        else:
            cells = cells[:1]
        for cell, kind in cells:
            if not cell:
                continue
            try:
                yield Line(number, named(cell, kind))
            except ArgumentError as error:
                yield Line(number, None, str(error))


def _cells(line: str) -> list[str]:
    """One line by itself: an opt-out has no line break, and a stray quote must not swallow those that follow."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return [line]
