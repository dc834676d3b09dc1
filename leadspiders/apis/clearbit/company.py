"""An employer as Clearbit shows it, by its domain."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.clearbit.look_up import look_up_call
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call
from leadspiders.apis.records import other_fields, read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company

PATH = "/v2/companies/find"


class Site(msgspec.Struct, rename="camel"):
    """What the company's pages say."""

    phone_numbers: list[str] | None = None

    dropped: ClassVar = frozenset({"emailAddresses"})


class Category(msgspec.Struct, rename="camel"):
    """What the company does."""

    industry: str | None = None
    naics_code: str | None = None

    kept: ClassVar = frozenset({"sector", "industryGroup", "subIndustry", "sicCode"})


class Geo(msgspec.Struct, rename="camel"):
    """Where it sits."""

    street_number: str | None = None
    street_name: str | None = None
    city: str | None = None
    postal_code: str | None = None
    state_code: str | None = None
    country_code: str | None = None

    dropped: ClassVar = frozenset({"state", "country", "lat", "lng", "subPremise", "streetAddress"})


class Metrics(msgspec.Struct, rename="camel"):
    """How big it is; `estimatedAnnualRevenue` is a range in words."""

    employees: int | None = None
    employees_range: str | None = None
    annual_revenue: float | None = None

    dropped: ClassVar = frozenset(
        {"estimatedAnnualRevenue", "raised", "alexaUsRank", "alexaGlobalRank", "marketCap", "fiscalYearEnd"}
    )


class LinkedIn(msgspec.Struct):
    """`handle` is `company/<name>`."""

    handle: str | None = None


class Employer(msgspec.Struct, rename="camel"):
    """A company; more of it may be null than not."""

    id: str | None = None
    name: str | None = None
    legal_name: str | None = None
    domain: str | None = None
    phone: str | None = None
    site: Site | None = None
    category: Category | None = None
    geo: Geo | None = None
    metrics: Metrics | None = None
    founded_year: int | None = None
    linkedin: LinkedIn | None = None

    kept: ClassVar = frozenset({"description", "tags", "type", "tech", "techCategories", "domainAliases", "parent"})
    dropped: ClassVar = frozenset(
        {"location", "timeZone", "utcOffset", "facebook", "twitter", "crunchbase", "logo", "emailProvider",
         "indexedAt", "identifiers", "ultimateParent"}
    )  # fmt: skip


def find_company_call(domain: str) -> Call:
    """The call for one employer by its bare domain; a request of the period, found or not."""
    return look_up_call(PATH, "domain", domain, "find company")


def read_company(raw: bytes, drift: Drift | None = None) -> Company:
    """The employer in a body; raises `Unreadable` for another one."""
    try:
        return company_of(msgspec.json.decode(raw), drift)
    except msgspec.DecodeError as error:
        raise Unreadable("Clearbit's company is no JSON") from error


def company_of(record: Any, drift: Drift | None = None) -> Company:
    """The employer of a decoded record."""
    read, broken = read_records([record], Employer, "clearbit.companies", drift)
    if not read:
        raise Unreadable(f"Clearbit's company cannot be read: {broken[0].reason if broken else 'it is empty'}")
    return _company(*read[0])


def _company(employer: Employer, record: dict[str, Any]) -> Company:
    site, category = employer.site or Site(), employer.category or Category()
    geo, metrics = employer.geo or Geo(), employer.metrics or Metrics()
    handle = (employer.linkedin or LinkedIn()).handle
    staff = {"employee_range": metrics.employees_range} if metrics.employees_range else {}
    return Company(
        name=employer.name,
        legal_name=employer.legal_name,
        domain=employer.domain,
        website=employer.domain,
        provider_key=f"clearbit:{employer.id}" if employer.id else None,
        linkedin_url=f"https://www.linkedin.com/{handle}" if handle else None,
        phone=employer.phone or next(iter(site.phone_numbers or []), None),
        industry=category.industry,
        naics_code=category.naics_code,
        employees=metrics.employees,
        founded_year=employer.founded_year,
        annual_revenue=metrics.annual_revenue,
        street=" ".join(part for part in (geo.street_number, geo.street_name) if part) or None,
        city=geo.city,
        state=geo.state_code,
        postal_code=geo.postal_code,
        country=geo.country_code,
        extras=other_fields(record, Employer) | staff,
    )
