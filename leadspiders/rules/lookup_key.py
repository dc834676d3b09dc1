"""What somebody means who names a lead: an id, an e-mail, a LinkedIn URL, a UEI, a provider's id, a phone, a domain."""

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from leadspiders.errors import ArgumentError
from leadspiders.rules import domains, linkedin
from leadspiders.rules.optout import named

_UEI = re.compile(r"(?i)[A-HJ-NP-Z1-9][A-HJ-NP-Z0-9]{11}")
_PROVIDER = re.compile(r"[a-z_]+:\w[\w-]*")  # apollo:66f1a2b3

_SCHEMES = frozenset(("http", "https", "mailto", "tel"))


class Key(NamedTuple):
    """`kind` is id, uei, company-linkedin, provider, or a kind of opt-outs; `value` is in canonical form."""

    kind: str
    value: str


def lookup_key(text: str) -> Key:
    """Read one key; raises `ArgumentError` for what names nobody."""
    text = text.strip()
    for kind, read in _READERS.items():
        if value := read(text):
            return Key(kind, value)
    try:
        return Key(*named(text))
    except ArgumentError:
        raise ArgumentError(
            f"{text!r} names no lead: give an id, e-mail, LinkedIn URL, phone, domain, UEI or provider:id"
        ) from None


def _id(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _uei(text: str) -> str | None:
    letters = sum(char.isalpha() for char in text)
    return text.upper() if _UEI.fullmatch(text) and 0 < letters < len(text) else None


def _provider(text: str) -> str | None:
    return text if _PROVIDER.fullmatch(text) and text.partition(":")[0] not in _SCHEMES else None


def _company_page(text: str) -> str | None:
    return linkedin.company(text) if _of_linkedin(text) else None


def _domain(text: str) -> str | None:
    return None if "@" in text or _of_linkedin(text) else domains.registrable(text)


def _of_linkedin(text: str) -> bool:
    return "linkedin.com/" in text.lower()


_READERS: dict[str, Callable[[str], str | None]] = {
    "id": _id,
    "uei": _uei,
    "provider": _provider,
    "company-linkedin": _company_page,
    "domain": _domain,
}
