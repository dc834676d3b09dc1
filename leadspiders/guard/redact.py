"""Blots secrets out of what others are going to see: some services echo the key they refuse, some libraries log URLs.

The rule is that a secret gets nowhere near; this is for where somebody else writes the text.
"""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

BLOT = "***"
QUERY_SAFE = "/:?@!$'()*,;"  # what a query may hold as it is: libraries differ in what they quote
LONGEST_LINE = 20_000
SHORTEST = 8  # a shorter one is a word that may stand anywhere; no service gives out such keys

# Each looks at a character once, however long a line is: a name or a local part that has begun is never begun again.
VALUE = re.compile(r"(?<=[?&])(?P<name>[^=?&\s\"'<>]++)=(?P<value>[^&\s\"'<>)]+)")
PLAIN_VALUE = re.compile(r"[\w.-]{1,10}")
ADDRESS = re.compile(r"(?<![^\s\"'<>()=:/,;@])[^\s\"'<>()=:/,;@]++@[\w-]++(?:\.[\w-]++)+")
SECRET_NAME = re.compile(r"(?i)key|token|secret|sig|pass|auth|cred")


class Redactor:
    """Knows some secrets, in the spellings in which they travel."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelled for secret in secrets if len(secret) >= SHORTEST for spelled in forms(secret)}
        longest_first = sorted(spellings, key=len, reverse=True)
        self._spellings = [spelled.encode() for spelled in longest_first]
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def text(self, text: str) -> str:
        """The text without any of the secrets."""
        return self._pattern.sub(BLOT, text)

    def body(self, body: bytes) -> bytes:
        """The bytes without any of the secrets; the same object if there is none in it."""
        for spelled in self._spellings:
            if spelled in body:
                body = body.replace(spelled, BLOT.encode())
        return body


def forms(secret: str) -> set[str]:
    """A secret as it is, in a URL, in JSON, in base64 and in the header of Basic authentication."""
    packed = {base64.b64encode(text.encode()).decode() for text in (secret, f"{secret}:")}
    escaped = json.dumps(secret)[1:-1]
    quoted = {quote(secret, safe=safe) for safe in ("", "/", QUERY_SAFE)}
    return {secret, quote_plus(secret), escaped, escaped.replace("/", "\\/")} | quoted | packed


def shortened(line: str) -> str:
    """A log line without e-mail addresses, and without what URLs ask for but short words: a page, a year, a state; and
    without its end if it is very long.

    A query may hold somebody's name or, in an address that a storage signed, the right to read it.
    """
    clean = ADDRESS.sub(BLOT, VALUE.sub(_value, line))
    if len(clean) <= LONGEST_LINE:
        return clean
    return f"{clean[:LONGEST_LINE]}... ({len(clean) - LONGEST_LINE:,} more characters)"


def _value(found: re.Match[str]) -> str:
    stays = PLAIN_VALUE.fullmatch(found["value"]) and not SECRET_NAME.search(found["name"])
    return found[0] if stays else f"{found['name']}={BLOT}"
