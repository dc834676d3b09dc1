"""Words in ALL CAPS or no caps, as government files and web forms send them, in the case a person would write.

Text that already mixes cases is left alone: whoever wrote `deSoto` or `eBay` meant it.
"""

import re
from collections.abc import Container
from unicodedata import normalize

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_MC = re.compile(r"^mc(?=\w{3})", re.IGNORECASE)
# O'Brien, D'Angelo, L'Oreal; but Joe's and Coeur d'Alene's possessive keep a small s.
_ELISION = re.compile(r"^([dlo])(['\u2019])(\w{2,})$", re.IGNORECASE)


def one_case(text: str) -> bool:
    """True when the letters of `text` are all capitals or all small, so that its case says nothing."""
    return text.isupper() or text.islower()


def titled(text: str, *, small: Container[str] = ()) -> str:
    """`text` with each word capitalized, except those in `small` (in lower case) that do not come first."""
    first = True

    def word(found: re.Match[str]) -> str:
        nonlocal first
        lead, first = first, False
        low = found[0].lower()
        return low if not lead and low in small else capital(low)

    return _WORD.sub(word, text)


def capital(word: str) -> str:
    """One word with its capital, and the second one of McDonald and O'Brien; 21ST becomes 21st. In NFC."""
    if elided := _ELISION.match(word):
        return elided[1].upper() + elided[2] + elided[3].capitalize()
    if _MC.match(word):
        return "Mc" + word[2:].capitalize()
    # A capital I with a dot falls apart in lower case.
    return normalize("NFC", word.capitalize())
