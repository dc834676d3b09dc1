"""Text as people and exports send it, made fit to read: one form, one space, and nothing where nothing was meant."""

import re
import unicodedata
from functools import lru_cache

# What sources write for "we have none": SAM.gov sends the word null, spreadsheets the rest.
NOTHING = frozenset({
    "", "-", "--", "?", ".", "#n/a", "n/a", "na.", "n.a.", "nan", "none", "null", "nil", "not available",
    "not provided", "currently not available", "undefined", "tbd",
})  # fmt: skip

# Formatting characters and controls never belong in a field; white-space controls become one space below.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


def tidy(text: str | None) -> str | None:
    """NFC, no invisible characters, single spaces, nothing around; None for nothing and words that mean it."""
    if text is None:
        return None
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = " ".join(text.split())
    return None if text.lower() in NOTHING and text != "Nan" else text  # exports write nan or NaN; Nan is a name


_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """For comparing only: lower case, no accents, letters and digits, single spaces (`São Paulo` -> `sao paulo`)."""
    if text.isascii():
        return " ".join(text.lower().translate(_WORDS).split())
    # Once before, since mathematical letters are capitals that casefold does not see, and once after it.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
