"""Apollo's employers, by one domain, by ten, or by a search: each company found, or page searched, costs a credit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from leadspiders.apis.apollo.contract import API, check
from leadspiders.apis.apollo.person import Organization, company
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.records import Broken, read_records
from leadspiders.apis.refusals import read_object
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.company import Company

ENRICH_PATH = "/api/v1/organizations/enrich"
BULK_PATH = "/api/v1/organizations/bulk_enrich"
SEARCH_PATH = "/api/v1/mixed_companies/search"
MOST_AT_ONCE = 10
MOST_PER_PAGE = 100
LAST_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Companies:
    """The companies of a reply; `total` match the search, or were found by their domains."""

    total: int
    companies: list[Company]
    broken: list[Broken] = field(default_factory=list)


def enrich_organization_call(domain: str) -> Call:
    """The call for one employer by its bare domain; costs a credit."""
    params = (("domain", domain),)
    return Call(api=API.name, path=ENRICH_PATH, params=params, group="enrich", credits=1.0, purpose="enrich company")


def read_organization(reply: Reply, drift: Drift | None = None) -> Company | None:
    """The employer, or None when Apollo does not know the domain."""
    check(reply)
    found = read_object(reply).get("organization")
    read, broken = read_records([found], Organization, "apollo.organizations", drift)
    if broken:
        raise Unreadable(f"Apollo's organization cannot be read: {broken[0].reason}", status=reply.status)
    return company(*read[0]) if read else None


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


def read_organizations(reply: Reply, drift: Drift | None = None) -> Companies:
    """The employers that were found; map them by `domain`, the order of a reply is not that of the call."""
    check(reply)
    return _companies(read_object(reply), ("organizations",), "apollo.organizations", drift)


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
