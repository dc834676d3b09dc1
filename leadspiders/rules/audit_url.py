"""A URL as the audit trail keeps it: without secrets, and with whatever may be personal as keyed hashes.

Those of one person are alike, so that who has the key can find what was asked about somebody, and nobody else can. What
is kept in clear is listed, and all else hashed: nobody knows by which name the next API takes a name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

SECRET_NAMES: Final = re.compile(
    r"(?i)(key|token|secret|signature|password|passwd|passphrase|pwd|credentials?|auth|authorization|sig|jwt|session"
    r"|sessionid|sid)$|^code$"
)
"""Of parameters. A redirect to a file carries a signature, a login a code."""
PERSONAL_TEXT: Final = re.compile(r"(?i)@|linkedin\.com/|^\+?\d[\d ().-]{8,}\d$")
"""Wherever it stands: an address, a profile, a phone number."""
STARS: Final = "***"
LONGEST: Final = 2_000

Hashed = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class InClear:
    """What of a URL may be kept as it is: the values of these parameters, and these parts of the path (None: all that
    do not look personal)."""

    names: frozenset[str]
    parts: frozenset[str] | None = None


OURS: Final = InClear(
    frozenset({
        "cached", "charset", "company_domain", "date", "department", "domain", "enrich_profile", "fileType",
        "forceResults", "format", "frequency", "includeSections", "items_per_page", "job_id", "limit", "naics",
        "naicsCode", "offset", "page", "per_page", "primaryNaics", "physicalAddressCity",
        "physicalAddressCountryCode", "physicalAddressProvinceOrStateCode", "physicalAddressZipPostalCode",
        "purposeOfRegistrationCode", "registrationDate", "registrationStatus", "reveal_personal_emails",
        "samRegistered", "sensitivity", "size", "state", "stateCode", "type", "ueiSAM", "updateDate", "use_cache",
        "version"
    })
)  # fmt: skip
"""Of the APIs that have a file in `apis`: how far one has read, and by what companies are sought."""


def kept_url(url: str, hashed: Hashed, clear: InClear = OURS) -> str:
    """The URL without user, password, fragment and secrets; what is not in clear is replaced by `hashed` of it."""
    parts = urlsplit(url)
    path = "/".join(_part(part, hashed, clear) for part in parts.path.split("/"))
    query = "&".join(
        f"{quote(name, safe='[].')}={_value(name, value, hashed, clear)}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, path, query, ""))[:LONGEST]


def personal_hash(value: str, hashed: Hashed) -> str:
    """The hash of an address, a name or a phone number, however it is written; `~` says that it is one."""
    return f"~{hashed(plain(value))}"


def plain(value: str) -> str:
    """A value as it is hashed: in lower case, with single spaces."""
    return " ".join(value.lower().split())


def _part(part: str, hashed: Hashed, clear: InClear) -> str:
    part, _, more = part.partition(";")  # of `;jsessionid=...`
    value = unquote(part)
    personal = PERSONAL_TEXT.search(value) or (clear.parts is not None and part and value not in clear.parts)
    return (personal_hash(value, hashed) if personal else part) + (f";{STARS}" if more else "")


def _value(name: str, value: str, hashed: Hashed, clear: InClear) -> str:
    if value and SECRET_NAMES.search(name):
        return STARS
    if value and (name not in clear.names or PERSONAL_TEXT.search(value)):
        return personal_hash(value, hashed)
    return quote(value, safe=",:/*~ ").replace(" ", "+")
