"""Hunter's e-mail finder: the address of one person by name and company; a credit if there is one, else nothing."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.hunter.answer import DO_NOT_CONTACT, Verification, body_to_keep, proof, read_data, remarks
from leadspiders.apis.hunter.contract import API, verdict
from leadspiders.errors import ArgumentError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

PATH = "/v2/email-finder"
SOURCE = "hunter.finder"


class Finding(msgspec.Struct):
    """What the finder knows of a person; the names in it are those that were asked for."""

    email: str | None = None
    score: int | None = None
    position: str | None = None
    linkedin_url: str | None = None
    phone_number: str | None = None
    domain: str | None = None
    company: str | None = None
    sources: list[Any] | None = None
    verification: Verification | None = None

    always: ClassVar = frozenset({"email", "score", "domain"})
    dropped: ClassVar = frozenset({"first_name", "last_name", "accept_all", "twitter"})


def finder_call(*, domain: str, first_name: str = "", last_name: str = "", full_name: str = "") -> Call:
    """The call for the address of one person at one company; costs a credit at most."""
    in_parts = bool(first_name and last_name)
    if not domain or not (in_parts or full_name):
        raise ArgumentError("Hunter looks for a first and a last name, or a full one, at a domain")
    name = (("first_name", first_name), ("last_name", last_name)) if in_parts else (("full_name", full_name),)
    return Call(
        api=API.name,
        path=PATH,
        params=(("domain", domain), *name),
        group="finder",
        credits=1.0,
        purpose="find e-mail",
    )


def read_found(reply: Reply, drift: Drift | None = None) -> tuple[bytes | None, float]:
    """The answer, to be kept, and what it cost: an address, or the word that its owner wants no contact.

    None when Hunter knows no address. Raises what `check` raises, `Unreadable` for another body.
    """
    if reply.status == 404:
        return None, 0.0
    body = body_to_keep(reply)
    found = read_data(body, Finding, SOURCE, drift)
    if found is None:
        return body, 0.0
    return (body, 1.0) if found.email else (None, 0.0)


def read_finding(raw: bytes) -> Contact:
    """The contact of one kept answer; raises `Unreadable` when it is none."""
    found = read_data(raw, Finding, SOURCE)
    if found is None:
        return Contact(flags=[DO_NOT_CONTACT])
    verified = found.verification or Verification()
    return Contact(
        email=found.email or None,
        email_status=verdict(verified.status) if found.email else None,
        title=found.position,
        linkedin_url=found.linkedin_url,
        phone=found.phone_number,
        company=Company(name=found.company, domain=found.domain),
        extras=remarks(found.score, verified.date, found.sources),
        lineage=proof(found.score, verified.date) if found.email else {},
    )
