"""Apollo's employers, by ten domains, or by a search: each company found, or page searched, costs a credit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from leadspiders.apis.apollo.contract import API, check
from leadspiders.apis.apollo.person import Organization, company
from leadspiders.apis.apollo.placed import assigned
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.records import Broken, read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.company import Company

BULK_PATH = "/api/v1/organizations/bulk_enrich"
SEARCH_PATH = "/api/v1/mixed_companies/search"
MOST_AT_ONCE = 10
MOST_PER_PAGE = 100
LAST_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Companies:
    """The companies of a page; `total` match the search."""

    total: int
    companies: list[Company]
    broken: list[Broken] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """What ten domains brought, in the order of the reply: each employer as Apollo wrote it, with the domain it came
    with (None: not found); `credits` is what the call cost: one for each different employer."""

    places: list[tuple[str | None, bytes] | None]
    credits: float

    def of(self, domains: Sequence[str]) -> list[bytes | None]:
        """What was paid for of each domain that was asked, in that order."""
        return assigned([domain.lower() for domain in domains], self.places)


def bulk_enrich_call(domains: Sequence[str]) -> Call:
    """The call for 1 to 10 employers by their bare domains; costs a credit each at most."""
    if not 1 <= len(domains) <= MOST_AT_ONCE:
        raise ArgumentError(f"{len(domains)} domains to enrich: Apollo takes 1 to {MOST_AT_ONCE} a call")
    return Call(
        api=API.name,
        method="POST",
        path=BULK_PATH,
        json={"domains": list(domains)},
        group="bulk",
        credits=float(len(domains)),
        purpose="enrich companies",
    )


def read_enriched(reply: Reply, drift: Drift | None = None) -> Enriched:
    """The employers that were found, to be kept as they are since they were paid for."""
    check(reply)
    body = read_object(reply)
    records = body.get("organizations")
    if not isinstance(records, list):
        raise Unreadable("Apollo's answer has no list organizations", status=reply.status)
    _companies(body, ("organizations",), "apollo.organizations", drift)
    places = [_placed(record) for record in records]
    told = body.get("unique_enriched_records")
    if isinstance(told, bool) or not isinstance(told, int):
        told = len({place for place in places if place})
    return Enriched(places=places, credits=float(told))


def read_employer(raw: bytes) -> Company:
    """The company of one kept organization; raises `Unreadable` when it is none."""
    try:
        read, broken = read_records([msgspec.json.decode(raw)], Organization, "apollo.organizations")
    except msgspec.DecodeError as error:
        raise Unreadable("the kept organization is no JSON") from error
    if not read:
        raise Unreadable(f"the kept organization cannot be read: {broken[0].reason if broken else 'it is empty'}")
    return company(*read[0])


def search_organizations_call(
    *,
    keywords: Sequence[str] = (),
    locations: Sequence[str] = (),
    employees: Sequence[tuple[int, int]] = (),
    domains: Sequence[str] = (),
    page: int = 1,
    per_page: int = MOST_PER_PAGE,
) -> Call:
    """The call for one page (from 1) of employers; costs a credit. Industries go in as keywords: there is no filter."""
    if not (1 <= page <= LAST_PAGE and 1 <= per_page <= MOST_PER_PAGE):
        raise ArgumentError(f"page {page} of {per_page}: Apollo serves pages 1-{LAST_PAGE} of 1-{MOST_PER_PAGE}")
    asked: dict[str, Any] = {
        "q_organization_keyword_tags": list(keywords),
        "organization_locations": list(locations),
        "organization_num_employees_ranges": [f"{least},{most}" for least, most in employees],
        "q_organization_domains_list": list(domains),
    }
    body = {name: value for name, value in asked.items() if value} | {"page": page, "per_page": per_page}
    return Call(
        api=API.name,
        method="POST",
        path=SEARCH_PATH,
        json=body,
        group="search",
        credits=1.0,
        purpose="search companies",
    )


def read_organization_page(reply: Reply, drift: Drift | None = None) -> Companies:
    """The employers of a page: new ones under `organizations`, those the team has saved under `accounts`."""
    check(reply)
    body = read_object(reply)
    page = _companies(body, ("organizations", "accounts"), "apollo.companies", drift)
    told = body.get("pagination")
    total = told.get("total_entries") if isinstance(told, dict) else None
    return Companies(
        total=total if isinstance(total, int) else page.total, companies=page.companies, broken=page.broken
    )


def _companies(body: dict[str, Any], lists: tuple[str, ...], source: str, drift: Drift | None) -> Companies:
    records = [record for name in lists for record in body.get(name) or []]
    if not any(isinstance(body.get(name), list) for name in lists):
        raise Unreadable(f"Apollo's answer has no list {' or '.join(lists)}")
    read, broken = read_records(records, Organization, source, drift)
    return Companies(total=len(read), companies=[company(*pair) for pair in read], broken=broken)


def _placed(record: Any) -> tuple[str | None, bytes] | None:
    if not record:
        return None
    domain = record.get("primary_domain") if isinstance(record, dict) else None
    return domain.lower() if isinstance(domain, str) else None, msgspec.json.encode(record)
