"""Leads as JSON lines in UTF-8: values as they are, for programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadspiders.ops.leads.cells import text


class JsonlFile:
    """One JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")

    def write(self, lead: Mapping[str, Any]) -> None:
        """Add one lead."""
        self._file.write(json.dumps(lead, ensure_ascii=False, default=text) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
