"""Numbers under which the United States know a company: UEI and CAGE of SAM.gov, EIN of the tax office.

They are keys of identity, so a placeholder must not pass: all companies that wrote 00-0000000 would be one.
"""

import re

from leadspiders.rules.text import tidy

_UEI = re.compile(r"[A-Z0-9]{12}")
_CAGE = re.compile(r"[A-Z0-9]{5}")
_EIN = re.compile(r"(\d{2})-?(\d{7})")
_MADE_UP = frozenset({"123456789", "987654321", "012345678"}) | {digit * 9 for digit in "0123456789"}


def uei(text: str | None) -> str | None:
    """A Unique Entity Identifier: twelve letters and digits in capitals, without spaces."""
    return _code(_UEI, text)


def cage(text: str | None) -> str | None:
    """A Commercial and Government Entity code in capitals of five characters (`1abc2` -> `1ABC2`)."""
    return _code(_CAGE, text)


def ein(text: str | None) -> str | None:
    """An Employer Identification Number as nine digits (`12-3456788` -> `123456788`), None for placeholders."""
    found = _EIN.fullmatch((tidy(text) or "").replace(" ", ""))
    if found is None:
        return None
    digits = found[1] + found[2]
    return None if digits in _MADE_UP or found[1] == "00" else digits


def _code(form: re.Pattern[str], text: str | None) -> str | None:
    code = (tidy(text) or "").replace(" ", "").upper()
    return code if form.fullmatch(code) and len(set(code)) > 1 else None
