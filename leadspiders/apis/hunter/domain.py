"""Hunter's domain search: every address of a company that it knows, a page at a time; an empty page costs nothing."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.hunter.answer import Verification, proof, remarks
from leadspiders.apis.hunter.contract import API, check, verdict
from leadspiders.apis.records import Broken, read_records
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

PATH = "/v2/domain-search"
SOURCE = "hunter.domain"
MOST_PER_PAGE, FREE_PER_PAGE = 100, 10  # the free plan refuses more
PERSONAL = "personal"


class Domain(msgspec.Struct):
    """What Hunter says of the company itself."""

    domain: str | None = None
    organization: str | None = None
    pattern: str | None = None
    accept_all: bool | None = None
    emails: list[Any] | None = None


class Entry(msgspec.Struct):
    """One address; a desk's (`generic`) has no name."""

    value: str
    type: str | None = None
    confidence: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    linkedin: str | None = None
    phone_number: str | None = None
    sources: list[Any] | None = None
    verification: Verification | None = None

    always: ClassVar = frozenset({"type", "confidence", "first_name", "last_name"})
    dropped: ClassVar = frozenset({"position_raw", "seniority", "department", "twitter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the `total` addresses of a company, `pattern` most are made by (`{first}.{last}`), and its people.

    `size` is how many addresses the page holds, those of desks included, which are no people.
    """

    total: int
    size: int
    pattern: str | None
    accept_all: bool | None
    people: list[Contact]
    broken: list[Broken] = field(default_factory=list)


def domain_call(domain: str, *, offset: int = 0, limit: int = MOST_PER_PAGE, department: str = "") -> Call:
    """The call for a page of the people of a company; `department` narrows it (`hr,finance`). A credit at most."""
    if not domain or not 1 <= limit <= MOST_PER_PAGE or offset < 0:
        raise ArgumentError(f"{limit} addresses from {offset} on: Hunter lists 1 to {MOST_PER_PAGE} of a domain")
    params = (("domain", domain), ("type", PERSONAL), ("limit", str(limit)), ("offset", str(offset)))
    return Call(
        api=API.name,
        path=PATH,
        params=(*params, ("department", department)) if department else params,
        group="domain",
        credits=1.0,
        purpose="search domain",
    )


def read_page(reply: Reply, drift: Drift | None = None) -> Page:
    """The people of a page; raises what `check` raises, `Unreadable` for another body."""
    check(reply)
    return page_of(reply.body, drift)


def search(domain: str, drift: Drift | None = None) -> Conversation[tuple[bytes | None, float]]:
    """The longest page that the plan allows, as `read_searched` reads it."""
    reply = yield domain_call(domain)
    if reply.status == 400:
        reply = yield domain_call(domain, limit=FREE_PER_PAGE)
    return read_searched(reply, drift)


def read_searched(reply: Reply, drift: Drift | None = None) -> tuple[bytes | None, float]:
    """The page, to be kept, and what it cost; None, for nothing, when Hunter has no address of the company. Raises as
    `read_page`."""
    return (reply.body, 1.0) if read_page(reply, drift).size else (None, 0.0)


def page_of(raw: bytes, drift: Drift | None = None) -> Page:
    """The people of a kept page; raises `Unreadable` when it is none."""
    try:
        body = msgspec.json.decode(raw)
    except ValueError as error:
        raise Unreadable("Hunter did not answer JSON") from error
    envelopes, _ = read_records([body.get("data") if isinstance(body, dict) else None], Domain, SOURCE)
    told = envelopes[0][0] if envelopes else Domain()
    if told.emails is None:
        raise Unreadable("Hunter's answer has no data.emails")
    read, broken = read_records(told.emails, Entry, SOURCE, drift)
    meta = body.get("meta")
    total = meta.get("results") if isinstance(meta, dict) else None
    company = Company(name=told.organization, domain=told.domain)
    return Page(
        total=total if isinstance(total, int) else len(told.emails),
        size=len(told.emails),
        pattern=told.pattern,
        accept_all=told.accept_all,
        people=[_contact(entry, company) for entry, _ in read if entry.type == PERSONAL],
        broken=broken,
    )


def _contact(entry: Entry, company: Company) -> Contact:
    verified = entry.verification or Verification()
    return Contact(
        first_name=entry.first_name,
        last_name=entry.last_name,
        title=entry.position,
        email=entry.value,
        email_status=verdict(verified.status),
        linkedin_url=entry.linkedin,
        phone=entry.phone_number,
        company=Company(name=company.name, domain=company.domain),
        extras=remarks(entry.confidence, verified.date, entry.sources),
        lineage=proof(entry.confidence, verified.date),
    )
