"""The truth about addresses: which of them mail reaches, which hosts take any address, and who knows whose.

Nothing here is drawn from the dice of the world: a share is decided by a hash of what it is about, so that each
provider knows a part of its own, the same in every run.
"""

import hashlib
import re
from typing import Literal

from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Truth = Literal["valid", "catch-all", "webmail", "disposable", "invalid"]

CATCH_ALL_SHARE = 0.06  # of the companies
ON_FILE = {"hunter": 0.7, "dropcontact": 0.75, "http": 0.5}
"""Provider -> the share of people whose address it has."""
ROLES = ("info", "sales", "hr")
"""Desks that every company has, beside its people."""
_WEBMAIL = {"freemail.example.com", "gmail.com", "outlook.com", "yahoo.com"}
_DISPOSABLE = {"throwaway.example.com", "mailinator.com"}
_WELL_FORMED = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9-]+\.)+[a-z]{2,}")


def chance(*about: str) -> float:
    """A number from 0 up to 1 that belongs to these words for ever."""
    digest = hashlib.blake2b("/".join(about).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def knows(provider: str, person: Person) -> bool:
    """Whether a provider has the address of a person on file; all records of the person or none."""
    return reads_mail(person) and chance(provider, "knows", person.identity) < ON_FILE[provider]


def well_formed(address: str) -> bool:
    """Whether an address in lower case can be one at all."""
    return _WELL_FORMED.fullmatch(address) is not None


def catch_all(domain: str) -> bool:
    """Whether the mail server of a company takes mail for any name, there or not."""
    return chance("catch-all", domain) < CATCH_ALL_SHARE


def truth(world: World, address: str) -> Truth:
    """What becomes of mail to an address."""
    address = address.strip().lower()
    label, _, domain = address.partition("@")
    if not well_formed(address):
        return "invalid"
    if domain in _WEBMAIL or domain in _DISPOSABLE:
        return "webmail" if domain in _WEBMAIL else "disposable"
    if domain not in world.companies_by_domain:
        return "invalid"
    if catch_all(domain):
        return "catch-all"
    person = world.by_mailbox.get(address)
    return "valid" if label in ROLES or (person is not None and reads_mail(person)) else "invalid"


def reads_mail(person: Person) -> bool:
    """Whether the mailbox of a person still exists: what Apollo shows as bad in that very spelling is gone."""
    return person.email_good or person.email != person.mailbox


def unanswered(verifier: str, address: str, share: float) -> bool:
    """Whether a verifier gets no clear word from the mail server of an address, which is there all the same."""
    return chance(verifier, "unanswered", address.lower()) < share
