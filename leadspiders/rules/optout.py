"""What somebody means who names a person to leave alone: an address, a phone, a profile or a whole domain.

An opt-out is kept as the hash of the canonical form only. What has none would never be recognized again, so it is
refused here, with a word on what to write instead.
"""

import re

from leadspiders.errors import ArgumentError
from leadspiders.rules import domains, emails, linkedin, phones

_PROFILE = re.compile(r"(?i)linkedin\.com/\w")
KINDS = ("email", "phone", "linkedin", "domain")


def named(text: str, kind: str | None = None) -> tuple[str, str]:
    """`(kind, value)` of one opt-out, the value in canonical form; `kind` is one of `KINDS` where it is known.

    Raises `ArgumentError`, which does not repeat what was given: it may be somebody's address.
    """
    kind = kind or _kind(text)
    if kind == "email":
        return kind, _some(emails.check(text).address, "an e-mail address is malformed: write name@example.com")
    if kind == "phone":
        return kind, _some(
            phones.check(text).number, "a phone number is malformed: write it with its country code, +1 312 ..."
        )
    if kind == "linkedin":
        return kind, _some(
            linkedin.person(text), "a LinkedIn URL is none of a person: write https://www.linkedin.com/in/NAME"
        )
    domain = _some(domains.registrable(text), "a domain is malformed: write example.com")
    if emails.is_free(domain):
        raise ArgumentError(f"{domain} is a mail host of many people: give the addresses themselves")
    return "domain", domain


def _kind(text: str) -> str:
    if "@" in text:
        return "email"
    if _PROFILE.search(text):
        return "linkedin"
    if any(char.isalpha() for char in text) and "." in text and domains.registrable(text):
        return "domain"
    return "phone" if sum(char.isdigit() for char in text) > 6 else "domain"


def _some(value: str | None, problem: str) -> str:
    if value is None:
        raise ArgumentError(problem)
    return value
