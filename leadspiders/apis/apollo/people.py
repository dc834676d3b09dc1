"""Apollo's search for people: free, and masked until a match is paid for, so its id is the only key a person has."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from leadspiders.apis.apollo.contract import API, check
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.records import Broken, other_fields, read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

PATH = "/api/v1/mixed_people/api_search"
MOST_PER_PAGE = 100  # more is silently cut to 100
LAST_PAGE = 500
MOST_DOMAINS = 1_000  # in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom to look for, in Apollo's words; an empty field does not narrow the search.

    `locations` are of the person, `company_locations` of the company (`Ohio, US`); `employees` are ranges of staff with
    both ends in; `email_status` is any of verified, unverified, likely to engage, unavailable; `domains` are bare.
    """

    titles: tuple[str, ...] = ()
    similar_titles: bool | None = None
    seniorities: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    company_locations: tuple[str, ...] = ()
    employees: tuple[tuple[int, int], ...] = ()
    email_status: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    keywords: str = ""

    def body(self) -> dict[str, Any]:
        """The filters by Apollo's names, without the empty ones."""
        asked = {
            "person_titles": list(self.titles),
            "include_similar_titles": self.similar_titles,
            "person_seniorities": list(self.seniorities),
            "person_locations": list(self.locations),
            "organization_locations": list(self.company_locations),
            "organization_num_employees_ranges": [f"{least},{most}" for least, most in self.employees],
            "contact_email_status": list(self.email_status),
            "q_organization_domains_list": list(self.domains),
            "q_keywords": self.keywords,
        }
        return {name: value for name, value in asked.items() if value not in ([], "", None)}


class MaskedOrganization(msgspec.Struct):
    """What the search shows of the employer."""

    name: str | None = None

    dropped: ClassVar = frozenset(
        {"has_industry", "has_phone", "has_city", "has_state", "has_country", "has_zip_code", "has_revenue",
         "has_employee_count"}
    )  # fmt: skip
    always: ClassVar = frozenset({"name"})


class MaskedPerson(msgspec.Struct):
    """What the search shows of a person."""

    id: str
    first_name: str | None = None
    last_name_obfuscated: str | None = None
    title: str | None = None
    last_refreshed_at: str | None = None
    has_email: bool | None = None
    has_city: bool | None = None
    has_state: bool | None = None
    has_direct_phone: str | None = None
    organization: MaskedOrganization | None = None

    dropped: ClassVar = frozenset({"has_country"})
    always: ClassVar = frozenset({"first_name", "last_name_obfuscated", "title", "has_email", "organization"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """`total` people match the query, of which it shows 500 pages."""

    total: int
    contacts: list[Contact]
    broken: list[Broken] = field(default_factory=list)


def search_people_call(target: Target, page: int = 1, per_page: int = MOST_PER_PAGE) -> Call:
    """The call for one page (from 1) of the people of a target. It costs no credit."""
    if not 1 <= page <= LAST_PAGE:
        raise ArgumentError(f"page {page}: Apollo serves pages 1-{LAST_PAGE} of a query; split the target")
    if not 1 <= per_page <= MOST_PER_PAGE:
        raise ArgumentError(f"per_page={per_page}: Apollo serves 1-{MOST_PER_PAGE} people a page")
    if len(target.domains) > MOST_DOMAINS:
        raise ArgumentError(f"{len(target.domains)} domains: Apollo takes {MOST_DOMAINS} a query")
    body = target.body() | {"page": page, "per_page": per_page}
    return Call(api=API.name, method="POST", path=PATH, json=body, group="search", purpose="search people")


def read_people(reply: Reply, drift: Drift | None = None) -> PeoplePage:
    """The masked contacts of one page; raises what `check` raises, and `Unreadable` for another body."""
    check(reply)
    body = read_object(reply)
    people = body.get("people")
    if not isinstance(people, list):
        raise Unreadable("Apollo's answer has no list people", status=reply.status)
    read, broken = read_records(people, MaskedPerson, "apollo.people", drift)
    total = body.get("total_entries")
    return PeoplePage(
        total=total if isinstance(total, int) else len(people),
        contacts=[_contact(person, record) for person, record in read],
        broken=broken,
    )


def _contact(person: MaskedPerson, record: dict[str, Any]) -> Contact:
    hints = {
        "has_email": person.has_email,
        "has_city": person.has_city,
        "has_state": person.has_state,
        "has_direct_phone": person.has_direct_phone,
        "last_refreshed_at": person.last_refreshed_at,
    }
    extras = {name: value for name, value in hints.items() if value is not None}
    return Contact(
        provider_key=f"apollo:{person.id}",
        first_name=person.first_name,
        last_name_masked=person.last_name_obfuscated,
        title=person.title,
        company=Company(name=person.organization.name if person.organization else None),
        extras=extras | other_fields(record, MaskedPerson),
    )
