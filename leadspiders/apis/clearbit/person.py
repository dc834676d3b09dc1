"""A person and the employer, as Clearbit shows both at once, by an e-mail address."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.clearbit.company import company_of
from leadspiders.apis.clearbit.look_up import look_up_call
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call
from leadspiders.apis.records import other_fields, read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

PATH = "/v2/combined/find"


class Name(msgspec.Struct, rename="camel"):
    """A name in parts."""

    full_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None


class Job(msgspec.Struct):
    """The current one."""

    title: str | None = None
    seniority: str | None = None
    name: str | None = None
    domain: str | None = None

    kept: ClassVar = frozenset({"role", "subRole"})


class Geo(msgspec.Struct, rename="camel"):
    """Where the person lives."""

    city: str | None = None
    state_code: str | None = None
    country_code: str | None = None

    dropped: ClassVar = frozenset({"state", "country", "lat", "lng"})


class LinkedIn(msgspec.Struct):
    """`handle` is `in/<name>`."""

    handle: str | None = None


class Person(msgspec.Struct, rename="camel"):
    """A person."""

    id: str | None = None
    name: Name | None = None
    email: str | None = None
    employment: Job | None = None
    geo: Geo | None = None
    linkedin: LinkedIn | None = None
    avatar: str | None = None

    kept: ClassVar = frozenset({"bio", "site"})
    dropped: ClassVar = frozenset(
        {"location", "timeZone", "utcOffset", "facebook", "github", "twitter", "googleplus", "gravatar", "fuzzy",
         "emailProvider", "indexedAt", "phone", "activeAt", "inactiveAt"}
    )  # fmt: skip


def find_person_call(email: str) -> Call:
    """The call for a person and the employer by e-mail; a request of the period, found or not."""
    return look_up_call(PATH, "email", email, "find person")


def read_person(raw: bytes, drift: Drift | None = None) -> Contact:
    """The person in a body, and the employer; either may be null. Raises `Unreadable` for another body."""
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise Unreadable("Clearbit's person is no JSON") from error
    if not isinstance(body, dict) or not body.keys() & {"person", "company"}:
        raise Unreadable("Clearbit's answer has neither person nor company")
    read, broken = read_records([body.get("person")], Person, "clearbit.people", drift)
    if broken:
        raise Unreadable(f"Clearbit's person cannot be read: {broken[0].reason}")
    company = company_of(body["company"], drift) if body.get("company") else Company()
    return _contact(*read[0], company) if read else Contact(company=company)


def _contact(person: Person, record: dict[str, Any], company: Company) -> Contact:
    name, job, geo = person.name or Name(), person.employment or Job(), person.geo or Geo()
    handle = (person.linkedin or LinkedIn()).handle
    company.name, company.domain = company.name or job.name, company.domain or job.domain
    return Contact(
        provider_key=f"clearbit:{person.id}" if person.id else None,
        full_name=name.full_name or " ".join(part for part in (name.given_name, name.family_name) if part) or None,
        first_name=name.given_name,
        last_name=name.family_name,
        title=job.title,
        seniority=job.seniority,
        email=person.email,
        linkedin_url=f"https://www.linkedin.com/{handle}" if handle else None,
        profile_picture_url=person.avatar,
        city=geo.city,
        state=geo.state_code,
        country=geo.country_code,
        company=company,
        extras=other_fields(record, Person),
    )
