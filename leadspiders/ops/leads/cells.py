"""What a lead's value may look like in a spreadsheet: text that stays text.

A cell that starts with = + - @ is a formula to a spreadsheet, and names come from strangers: `=HYPERLINK(...)` as a
company name would run on the sales rep's machine (CWE-1236, OWASP "CSV injection"). A leading apostrophe makes it text.
Plain numbers such as `+15555550100` or `-3.5` are harmless, and an importer needs them as they are.
"""

import json
import re
from datetime import date
from typing import Any

FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # = + - @ of East Asian keyboards: Excel takes them as well
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *FULL_WIDTH)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a spreadsheet file cannot hold them

Cell = str | int | float | bool | None


def cell(value: Any) -> Cell:
    """The value as one harmless cell: times in ISO 8601, lists and objects as JSON."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return _harmless(text(value))


def text(value: Any) -> str:
    """The value as text, as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list | tuple) else str(value)


def _harmless(written: str) -> str:
    written = CONTROL.sub("", written)
    risky = written.lstrip(" ").startswith(STARTS_FORMULA) and not NUMBER.fullmatch(written)
    return f"'{written}" if risky else written
