"""Which HubSpot property holds which field of a lead: values go as text, and what is not known is not sent."""

from leadspiders.apis.hubspot.properties import LEAD_FIT, LEAD_SCORE, LINKEDIN, SOURCE, WHY
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores


def contact_properties(contact: Contact, *, custom_fields: bool) -> dict[str, str]:
    """The properties of a contact; an empty field is left out, so that it cannot wipe what a rep has typed."""
    found: dict[str, str | None] = {
        "email": contact.email,
        "firstname": contact.first_name,
        "lastname": contact.last_name,
        "jobtitle": contact.title,
        "phone": contact.phone,
        "company": contact.company.name,
        "website": contact.company.website or contact.company.domain,
        "city": contact.city,
        "state": contact.state,
        "country": contact.country,
    }
    if custom_fields:
        found |= _custom(contact.scores, contact.origin.source if contact.origin else None, contact.linkedin_url)
    return {name: value for name, value in found.items() if value}


def company_properties(company: Company, *, custom_fields: bool) -> dict[str, str]:
    """The properties of a company; HubSpot's `industry` is a closed list and is left to the portal."""
    found: dict[str, str | None] = {
        "name": company.name,
        "domain": company.domain,
        "website": company.website,
        "phone": company.phone,
        "numberofemployees": None if company.employees is None else str(company.employees),
        "annualrevenue": None if company.annual_revenue is None else f"{company.annual_revenue:.0f}",
        "city": company.city,
        "state": company.state,
        "zip": company.postal_code,
        "country": company.country,
        "linkedin_company_page": company.linkedin_url,
    }
    if custom_fields:
        found |= _custom(company.scores, company.origin.source if company.origin else None, company.linkedin_url)
    return {name: value for name, value in found.items() if value}


def why(scores: Scores) -> str:
    """The points of the fit, best first, one a line."""
    points = sorted(scores.fit_points, key=lambda one: -one.points)
    return "\n".join(f"{one.points:+g} {one.reason}: {one.evidence}" for one in points)


def _custom(scores: Scores | None, source: str | None, linkedin_url: str | None) -> dict[str, str | None]:
    found = {SOURCE.name: source, LINKEDIN.name: linkedin_url}
    if scores is not None:
        found |= {LEAD_SCORE.name: str(scores.quality), LEAD_FIT.name: str(scores.fit), WHY.name: why(scores)}
    return found
