"""Leads as comma-separated values in UTF-8, safe to open in a spreadsheet."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadspiders.ops.leads.cells import cell
from leadspiders.ops.leads.why import with_why


class CsvFile:
    """One header line, one line a lead."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._columns: list[str] = []

    def write(self, lead: Mapping[str, Any]) -> None:
        """Add one lead."""
        lead = with_why(lead)
        if not self._columns:
            self._columns = list(lead)
            self._writer.writerow(self._columns)
        self._writer.writerow(cell(lead.get(column)) for column in self._columns)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
