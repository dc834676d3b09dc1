"""Leads into a file, of the kind its ending says. Whole or not at all: it is renamed into place at the end."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Protocol

from leadspiders.errors import ArgumentError

Lead = Mapping[str, Any]


class Writer(Protocol):
    """Takes one lead after the other; `close` finishes the file, `path` is what it wrote to."""

    def __init__(self, path: Path) -> None: ...

    def write(self, lead: Lead) -> None:
        """Add one lead. The first one's keys are the columns."""

    def close(self) -> None:
        """Finish the file."""


FORMATS = {
    ".csv": "leadspiders.ops.leads.csv_file:CsvFile",
    ".xlsx": "leadspiders.ops.leads.xlsx_file:XlsxFile",
    ".jsonl": "leadspiders.ops.leads.jsonl_file:JsonlFile",
}
"""Ending -> the writer, by path: openpyxl is slow to import, and every command imports every other."""


def writer_of(path: Path) -> type[Writer]:
    """The writer for this file name; raises `ArgumentError` when the ending is unknown or the folder is not there."""
    if path.suffix.lower() not in FORMATS:
        raise ArgumentError(f"{path.name}: write to a file that ends in {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise ArgumentError(f"{path.parent}: no such folder; make it first")
    writer: type[Writer] = resolve_name(FORMATS[path.suffix.lower()])
    return writer


async def write_leads(leads: AsyncIterator[Lead], path: Path) -> int:
    """Write all of them to `path`, one in memory at a time; returns how many."""
    kind = writer_of(path)
    unfinished = path.with_name(f".{path.name}.part")
    number = 0
    try:
        writer = kind(unfinished)
        try:
            async for lead in leads:
                writer.write(lead)
                number += 1
        finally:
            writer.close()
        unfinished.replace(path)
    except OSError as error:
        raise ArgumentError(f"{path}: cannot write it: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return number
