"""What Clearbit shows of the people and companies that it knows: a part of the world of its own."""

import hashlib
import uuid
from typing import Any

from leadspiders.sandbox.world import directory, mailboxes
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
_COMPANIES, _PEOPLE = 0.7, 0.5
_EDGES = (10, 50, 250, 1000, 5000, 10_000)


def company_at(world: World, domain: str) -> Json | None:
    """The company of a domain."""
    found = directory.company(world, domain=domain)
    return _company(found) if found and _knows_company(found) else None


def combined(world: World, email: str) -> Json | None:
    """The person of an address, and the company; one of them may be unknown."""
    person = directory.by_address(world, email)
    if person is None or mailboxes.chance("clearbit", "knows", person.identity) >= _PEOPLE:
        return None
    company = person.company
    return {"person": _person(person, email), "company": _company(company) if _knows_company(company) else None}


def named(world: World, name: str) -> Json | None:
    """The domain of a company's name."""
    found = directory.company(world, name=name)
    if found is None or not _knows_company(found):
        return None
    return {"name": found.name, "domain": found.domain, "logo": f"https://logo.example.com/{found.domain}"}


def _knows_company(company: Company) -> bool:
    return mailboxes.chance("clearbit", "company", company.id) < _COMPANIES


def _company(company: Company) -> Json:
    place = company.place
    return {
        "id": _id(company.id),
        "name": company.name,
        "legalName": company.legal_name,
        "domain": company.domain,
        "domainAliases": [],
        "site": {"phoneNumbers": [company.phone], "emailAddresses": [f"info@{company.domain}"]},
        "category": {
            "sector": "Industrials",
            "industryGroup": None,
            "industry": company.industry,
            "subIndustry": None,
            "sicCode": None,
            "naicsCode": company.trade.naics,
        },
        "tags": [*company.keywords],
        "description": f"{company.name} in {place.city}.",
        "foundedYear": company.founded,
        "location": f"{company.street}, {place.city}, {place.state.code} {company.postal_code}, US",
        "geo": {
            "streetNumber": company.street.partition(" ")[0],
            "streetName": company.street.partition(" ")[2],
            "city": place.city,
            "postalCode": company.postal_code,
            "state": place.state.name,
            "stateCode": place.state.code,
            "country": "United States",
            "countryCode": "US",
        },
        "metrics": {
            "employees": company.employees if mailboxes.chance("clearbit", "staff", company.id) < 0.8 else None,
            "employeesRange": _range(company.employees),
            "annualRevenue": None,
            "estimatedAnnualRevenue": "$10M-$50M",
            "raised": None,
            "alexaUsRank": None,
        },
        "linkedin": {"handle": company.linkedin_url.partition("linkedin.com/")[2]},
        "tech": ["google_apps"],
        "techCategories": ["productivity"],
        "phone": None,
        "type": "private",
        "parent": {"domain": None},
    }


def _person(person: Person, email: str) -> Json:
    return {
        "id": _id(person.identity),
        "name": {
            "fullName": person.name.full,
            "givenName": person.name.first,
            "familyName": person.name.last or None,
        },
        "email": email,
        "location": f"{person.place.city}, {person.place.state.code}, US",
        "geo": {
            "city": person.place.city,
            "state": person.place.state.name,
            "stateCode": person.place.state.code,
            "country": "United States",
            "countryCode": "US",
        },
        "bio": None,
        "site": None,
        "avatar": None,
        "employment": {
            "domain": person.company.domain,
            "name": person.company.name,
            "title": person.title,
            "role": "marketing",
            "subRole": None,
            "seniority": person.seniority,
        },
        "linkedin": {"handle": None if "linkedin_url" in person.hidden else f"in/{person.slug}"},
        "fuzzy": False,
        "emailProvider": False,
    }


def _id(of: str) -> str:
    return str(uuid.UUID(hashlib.md5(f"clearbit {of}".encode(), usedforsecurity=False).hexdigest()))


def _range(employees: int) -> str:
    least = 1
    for most in _EDGES:
        if employees <= most:
            return f"{least}-{most}"
        least = most + 1
    return "10001+"
