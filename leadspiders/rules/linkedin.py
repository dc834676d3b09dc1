"""LinkedIn addresses in one form, so that two spellings of one profile are one person.

The first key of identity: country and mobile hosts, tracking, old `/pub/` forms and percent-encoding all fall away.
"""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from leadspiders.rules.text import tidy

_HOST = re.compile(r"(?:[a-z]{1,6}\.)?linkedin\.com")
# Vanity names: letters of any script, digits, hyphens (LinkedIn allows 3-100); old ones also hold _ . and emoji.
_SLUG = re.compile(r"[^\s/?#%&=<>\"']{2,150}")
# Member ids of Sales Navigator exports are case-sensitive: put in lower case they lead nowhere.
_MEMBER_ID = re.compile(r"A[A-Za-z]{2}A[A-Za-z0-9_-]{30,}")
# What most sources send is in its one form already.
_DONE = re.compile(r"https://www\.linkedin\.com/in/([a-z0-9-]{3,100})")
# Of the rest most need no second look.
_PLAIN = re.compile(r"(?:https?://)?(?:www\.)?linkedin\.com/(in|company)/([a-z0-9-]+)/?")
_HEX = re.compile(r"[0-9a-f]{1,3}")
# What stands where a profile is hidden or was never filled in.
_NOBODY = frozenset({"unavailable", "null", "none", "undefined", "nan", "profile", "username", "your-profile"})


@lru_cache(maxsize=16_384)
def person(text: str | None) -> str | None:
    """`uk.linkedin.com/in/Jane-Doe/?trk=x` -> `https://www.linkedin.com/in/jane-doe`; None if no person's."""
    if text and (done := _DONE.fullmatch(text)) and done[1] not in _NOBODY:
        return text
    match _path(text):
        case ["in", slug, *_]:
            return None if slug.lower() in _NOBODY else _url("in", slug)
        case ["pub", slug, *tail] if len(tail) >= 3 and all(_HEX.fullmatch(part.lower()) for part in tail[:3]):
            # LinkedIn redirects /pub/jane-doe/a7/576/b50 to /in/jane-doe-b50576a7.
            return _url("in", f"{slug}-{tail[2].zfill(3)}{tail[1].zfill(3)}{tail[0]}")
        case ["pub", slug]:
            return _url("in", slug)
    return None


@lru_cache(maxsize=16_384)
def company(text: str | None) -> str | None:
    """`linkedin.com/company/Acme/about` -> `https://www.linkedin.com/company/acme`; None for schools and showcases."""
    match _path(text):
        case ["company" | "company-beta", slug, *_]:
            return _url("company", slug)
    return None


def _path(text: str | None) -> list[str]:
    """The parts of the path when the host is LinkedIn's, the first in lower case; else nothing."""
    if text and (plain := _PLAIN.fullmatch(text)):
        return [plain[1], plain[2]]
    raw = (tidy(text) or "").strip("<>()[]\"'.,;")
    if "linkedin" not in raw.lower():
        return []
    try:
        parts = urlsplit(raw if "://" in raw else "https://" + raw.lstrip("/"))
    except ValueError:
        return []
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        return []
    path = [part for part in parts.path.split("/") if part]
    if path and path[0].lower() in {"mwlite", "comm"}:
        path = path[1:]
    return [path[0].lower(), *path[1:]] if path else []


def _url(kind: str, slug: str) -> str | None:
    name = tidy(unquote(slug)) or ""
    if not _MEMBER_ID.fullmatch(name):
        name = name.lower()
    return f"https://www.linkedin.com/{kind}/{quote(name)}" if _SLUG.fullmatch(name) else None
