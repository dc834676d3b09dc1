"""Reads tables that people export: CSV of any delimiter and the usual encodings, and XLSX, row by row as text."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.rules.mapped_row import NOT_CALCULATED

DELIMITERS = ",;\t|"
ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BLOCK = 1 << 20
LONGEST_CELL = 1 << 20  # a cell of a megabyte is a quote that was never closed


def header_and_rows(path: Path, sheet: str | None = None) -> tuple[list[str], Iterator[list[str]]]:
    """The columns, each name once, and the rows below that hold anything.

    Raises `ArgumentError` for a file, a sheet or a header that is not there, and `Unreadable` while the rows are read.
    """
    if not path.is_file():
        raise ArgumentError(f"{path}: there is no such file")
    xlsx = path.suffix.lower() in {".xlsx", ".xlsm"}
    if sheet and not xlsx:
        raise ArgumentError(f"--sheet {sheet}: {path.name} is no .xlsx file and has no sheets")
    rows = filled(_xlsx(path, sheet) if xlsx else _csv(path))
    try:
        first = next(rows, None)
    except Unreadable as error:
        raise ArgumentError(str(error)) from error
    if first is None:
        raise ArgumentError(f"{path}: holds no row, not even one with the names of the columns")
    return columns(first), rows


def columns(header: Sequence[str]) -> list[str]:
    """Names of columns, made unique: a second `Email` is `Email (2)`, one without a name is `column 3`."""
    seen: dict[str, int] = {}
    named = []
    for place, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return named


def filled(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows that hold anything at all."""
    return (row for row in rows if any(cell.strip() for cell in row))


def _csv(path: Path) -> Iterator[list[str]]:
    encoding = encoding_of(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as lines:
        delimiter = delimiter_of(list(islice(lines, 20)))
        lines.seek(0)
        try:
            for row in csv.reader(lines, delimiter=delimiter):
                yield [_plain(cell) for cell in row]
        except csv.Error as error:
            raise Unreadable(f"{path.name} is no CSV from here on: {error}") from error


def encoding_of(path: Path) -> str:
    """By its mark; without one UTF-8 if all of it is, else the code page of Western Windows, as Excel writes it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(BLOCK)
        for mark, encoding in ENCODINGS.items():
            if start.startswith(mark):
                return encoding
        try:
            while start:
                decoder.decode(start)
                start = file.read(BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter that cuts the first line into the most columns: names of columns rarely hold another one."""
    return max(DELIMITERS, key=lambda one: len(next(csv.reader(lines, delimiter=one), [])))


def _plain(cell: str) -> str:
    """Excel writes `="0123"` so that a number keeps its zero."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _xlsx(path: Path, sheet: str | None) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - brings numpy: 0.3 s of start, for XLSX only
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Unreadable(f"{path.name} is no .xlsx file that can be read ({error}): save it anew") from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise ArgumentError(f"{path.name} has no sheet {sheet!r}: it has {', '.join(book.sheetnames)}")
        name = sheet or book.sheetnames[0]
        values = book[name].iter_rows(values_only=True)
        if not _has_formulas(path):
            yield from ([as_text(value) for value in row] for row in values)
            return
        written = load_workbook(path, read_only=True)
        try:
            formulas = written[name].iter_rows(values_only=True)
            for row, said in zip_longest(values, formulas, fillvalue=()):
                yield [_calculated(value, formula) for value, formula in zip_longest(row, said)]
        finally:
            written.close()
    finally:
        book.close()


def _has_formulas(path: Path) -> bool:
    """A look at the bytes: reading the book a second time for its formulas doubles the time, and few have any."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            tail = b""
            with archive.open(name) as part:
                while block := part.read(BLOCK):
                    if b"<f>" in tail + block or b"<f " in tail + block:
                        return True
                    tail = block[-2:]
    return False


def _calculated(value: Any, formula: Any) -> str:
    if value is None and isinstance(formula, str) and formula.startswith("="):
        return NOT_CALCULATED
    return as_text(value)


def as_text(value: Any) -> str:
    """A cell as people see it: 12.0 is `12`, a date is in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat().removesuffix("T00:00:00")  # a sheet has no days without a time
    return str(value)
