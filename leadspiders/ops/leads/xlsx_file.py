"""Leads as a spreadsheet: header in bold and frozen, filter on, streamed to disk row by row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from leadspiders.errors import ArgumentError
from leadspiders.ops.leads.cells import cell
from leadspiders.ops.leads.why import with_why

MOST_ROWS = 1_048_576  # the format holds no more, header included
WIDTH = 24


class XlsxFile:
    """One sheet, `leads`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("leads")
        self._sheet.freeze_panes = "A2"
        self._sheet.sheet_format.defaultColWidth = WIDTH
        self._columns: list[str] = []
        self._rows = 0

    def write(self, lead: Mapping[str, Any]) -> None:
        """Add one lead; raises `ArgumentError` when the sheet is full."""
        lead = with_why(lead)
        if not self._columns:
            self._columns = list(lead)
            self._sheet.append([self._heading(column) for column in self._columns])
            self._rows = 1
        if self._rows >= MOST_ROWS:
            raise ArgumentError(f"a spreadsheet holds {MOST_ROWS - 1:,} leads: use --limit, or a .csv file")
        self._sheet.append([cell(lead.get(column)) for column in self._columns])
        self._rows += 1

    def close(self) -> None:
        """Write the file."""
        if self._columns:
            last = get_column_letter(len(self._columns))
            self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"
        self._book.save(self._path)

    def _heading(self, column: str) -> WriteOnlyCell:
        heading = WriteOnlyCell(self._sheet, column)
        heading.font = Font(bold=True)
        return heading
