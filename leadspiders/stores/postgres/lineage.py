"""Where each field came from, as the database keeps it: one entry for each reply that said something.

    [["apollo", 1793869200, "apollo:9566b8", 0.0074, "fn,ti,li", "em .97 hunter"], ...]
      source    at          receipt           usd     claims

A reply fills some ten fields at one time and at one price a field, so that is stored once. A claim names the fields, by
short names and with commas between, then how sure the reply is of them (left out: wholly), then what they replaced.
`at` is in seconds since 1970. A lead takes a third of the room that it would take field by field.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from leadspiders.items.evidence import Evidence

Packed = list[list[Any]]

SHORT = {
    "full_name": "fn", "first_name": "gn", "last_name": "ln", "last_name_masked": "lm", "title": "ti",
    "seniority": "se", "email": "em", "email_status": "es", "phone": "ph", "linkedin_url": "li",
    "profile_picture_url": "pp", "provider_key": "pk", "city": "ci", "state": "st", "country": "co", "metro": "me",
    "name": "na", "legal_name": "le", "uei": "ue", "cage": "ca", "ein": "ei", "domain": "do", "website": "we",
    "industry": "in", "company_type": "ct", "naics_code": "nc", "employees": "ee", "employee_min": "en",
    "employee_max": "ex", "founded_year": "fy", "annual_revenue": "ar", "street": "sr", "postal_code": "pc",
    "marketing_use": "mu", "decision_makers": "dm",
}  # fmt: skip
"""Of two letters, which no field has for its name. They are in every row: add to them, never change one."""

_words = attrgetter("source", "at", "receipt", "cost_usd", "confidence", "replaced")
_LONG = {short: name for name, short in SHORT.items()}
_EPOCH, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)


def packed(lineage: Mapping[str, Evidence] | Packed) -> Packed:
    """The form that is stored; times are cut to the second. What is in that form stays: a row that was read and not
    merged is written back as it was."""
    if isinstance(lineage, list):
        return lineage
    replies: dict[tuple[Any, ...], dict[tuple[Any, ...], list[str]]] = {}
    names: list[str] = []
    before, last = None, None
    for name, said in lineage.items():
        if said is not before:  # seldom: a reply says some ten fields with the same words
            before = said
            if (words := _words(said)) != last:
                last = words
                names = replies.setdefault(words[:4], {}).setdefault(words[4:], [])
        names.append(SHORT.get(name, name))
    return [
        [source, _seconds(at), receipt, usd, *[_claim(names, *claim) for claim, names in claims.items()]]
        for (source, at, receipt, usd), claims in replies.items()
    ]


def unpacked(stored: Packed) -> dict[str, Evidence]:
    """Back to evidence, by field."""
    lineage = {}
    for source, seconds, receipt, usd, *claims in stored:
        at = _moment(seconds)
        for claim in claims:
            names, *rest = claim.split(" ", 2)
            evidence = Evidence(
                source=source,
                at=at,
                receipt=receipt,
                confidence=float(rest[0]) if rest else 1.0,
                cost_usd=usd,
                replaced=rest[1] if len(rest) > 1 else None,
            )
            lineage.update(dict.fromkeys(long_names(names.split(",")), evidence))
    return lineage


def long_names(fields: Iterable[str]) -> list[str]:
    """The names of fields as items have them, of those in a claim."""
    return [_LONG.get(name, name) for name in fields]


def _claim(names: list[str], confidence: float, replaced: str | None) -> str:
    if replaced is not None:
        return f"{','.join(names)} {confidence} {replaced}"
    return ",".join(names) if confidence == 1.0 else f"{','.join(names)} {confidence}"


@lru_cache(maxsize=1024)  # all fields of a reply have the same time
def _seconds(at: datetime) -> int:
    return (at - _EPOCH) // _SECOND


@lru_cache(maxsize=1024)
def _moment(seconds: int) -> datetime:
    return _EPOCH + seconds * _SECOND
