"""A person and an employer as Apollo shows them once a match is paid for, and the contact and company they make."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.records import other_fields
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, EmailStatus

# `likely to engage` and its older names are addresses made from the company's pattern; what a team typed in itself
# (`user_managed`) nobody has checked. `unavailable` is no address at all.
EMAIL_STATUS: dict[str, EmailStatus] = {
    "verified": "valid",
    "likely to engage": "risky",
    "likely_to_engage": "risky",
    "extrapolated": "risky",
    "guessed": "risky",
    "unverified": "unknown",
    "user_managed": "unknown",
}
LOCKED = "email_not_unlocked@"


class Phone(msgspec.Struct):
    """`primary_phone`."""

    number: str | None = None
    sanitized_number: str | None = None

    dropped: ClassVar = frozenset({"source"})


class Organization(msgspec.Struct):
    """An employer, as enrichment and matches show it; a search shows less."""

    id: str | None = None
    name: str | None = None
    website_url: str | None = None
    primary_domain: str | None = None
    linkedin_url: str | None = None
    phone: str | None = None
    sanitized_phone: str | None = None
    primary_phone: Phone | None = None
    industry: str | None = None
    estimated_num_employees: int | None = None
    founded_year: int | None = None
    annual_revenue: float | None = None
    street_address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    naics_codes: list[str] | None = None
    organization_id: str | None = None

    kept: ClassVar = frozenset(
        {"industries", "keywords", "total_funding", "latest_funding_round_date", "latest_funding_stage", "sic_codes",
         "technology_names", "departmental_head_count", "organization_headcount_six_month_growth",
         "organization_headcount_twelve_month_growth", "short_description"}
    )  # fmt: skip
    # The same in print, and lists as long as the rest of the record.
    dropped: ClassVar = frozenset(
        {"raw_address", "annual_revenue_printed", "total_funding_printed", "funding_events", "current_technologies"}
    )


class Job(msgspec.Struct):
    """One entry of `employment_history`."""

    current: bool | None = None
    organization_id: str | None = None
    organization_name: str | None = None


class Person(msgspec.Struct):
    """A person in full."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    title: str | None = None
    seniority: str | None = None
    email: str | None = None
    email_status: str | None = None
    linkedin_url: str | None = None
    photo_url: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    organization_id: str | None = None
    organization: Organization | None = None
    employment_history: list[Job] | None = None

    always: ClassVar = frozenset({"first_name", "last_name", "title", "email", "email_status", "linkedin_url"})
    kept: ClassVar = frozenset(
        {"headline", "departments", "subdepartments", "functions", "extrapolated_email_confidence",
         "is_likely_to_engage"}
    )  # fmt: skip
    # Of no use to a lead, or what the team has written itself.
    dropped: ClassVar = frozenset(
        {"contact", "contact_id", "revealed_for_current_team", "street_address", "twitter_url", "github_url",
         "facebook_url"}
    )  # fmt: skip


def contact(person: Person, record: dict[str, Any]) -> Contact:
    """The contact of a person; a locked or unavailable address is none."""
    status = (person.email_status or "").lower()
    email = None if status == "unavailable" or (person.email or "").lower().startswith(LOCKED) else person.email
    return Contact(
        provider_key=f"apollo:{person.id}",
        full_name=person.name or " ".join(part for part in (person.first_name, person.last_name) if part) or None,
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        seniority=person.seniority,
        email=email or None,
        email_status=EMAIL_STATUS.get(status, "unknown") if email else None,
        linkedin_url=person.linkedin_url,
        profile_picture_url=person.photo_url,
        city=person.city,
        state=person.state,
        country=person.country,
        company=_employer(person, record.get("organization")),
        extras=other_fields(record, Person),
    )


def company(organization: Organization, record: dict[str, Any]) -> Company:
    """The company of an organization, or of an `account`: a company the team has saved, with the id beside it."""
    key = organization.organization_id or organization.id
    phone = organization.primary_phone or Phone()
    naics = [code for code in organization.naics_codes or [] if code.isdecimal()]
    return Company(
        provider_key=f"apollo:{key}" if key else None,
        name=organization.name,
        website=organization.website_url,
        domain=organization.primary_domain,
        linkedin_url=organization.linkedin_url,
        phone=phone.sanitized_number or organization.sanitized_phone or phone.number or organization.phone,
        industry=organization.industry,
        naics_code=naics[0] if naics else None,
        employees=organization.estimated_num_employees,
        founded_year=organization.founded_year,
        annual_revenue=organization.annual_revenue,
        street=organization.street_address,
        city=organization.city,
        state=organization.state,
        postal_code=organization.postal_code,
        country=organization.country,
        extras=other_fields(record, Organization),
    )


def _employer(person: Person, record: Any) -> Company:
    """The organization of a match, or the current job where there is none."""
    if person.organization is not None:
        return company(person.organization, record if isinstance(record, dict) else {})
    job = next((job for job in person.employment_history or [] if job.current), Job())
    key = person.organization_id or job.organization_id
    return Company(name=job.organization_name, provider_key=f"apollo:{key}" if key else None)
