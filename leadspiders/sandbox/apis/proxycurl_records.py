"""What Proxycurl shows of the profiles and pages that it has read."""

from typing import Any

from leadspiders.sandbox.world import directory, mailboxes
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
Asked = dict[str, str]
_PEOPLE, _COMPANIES = 0.65, 0.6
_SIZES = ((1, 10), (11, 50), (51, 200), (201, 500), (501, 1000), (1001, 5000), (5001, 10_000))


def profile_at(world: World, asked: Asked) -> tuple[str, Json] | None:
    """The profile at a URL."""
    person = directory.by_profile(world, asked["url"])
    return (f"profile:{person.identity}", _profile(person)) if person and _read(person) else None


def resolved(world: World, asked: Asked) -> tuple[str, Json] | None:
    """The profile of a name at a domain, itself only if it is asked for."""
    company = directory.company(world, domain=asked["company_domain"])
    person = directory.by_name(world, f"{asked['first_name']} {asked['last_name']}", company)
    if person is None or not _read(person):
        return None
    shown = _profile(person) if asked.get("enrich_profile") == "enrich" else None
    return f"profile:{person.identity}", {"url": f"https://www.linkedin.com/in/{person.slug}", "profile": shown}


def page_at(world: World, asked: Asked) -> tuple[str, Json] | None:
    """The page of a company at a URL."""
    company = directory.company(world, page=asked["url"])
    if company is None or mailboxes.chance("proxycurl", "company", company.id) >= _COMPANIES:
        return None
    return f"page:{company.id}", _page(company)


def _read(person: Person) -> bool:
    return mailboxes.chance("proxycurl", "knows", person.identity) < _PEOPLE


def _profile(person: Person) -> Json:
    return {
        "public_identifier": person.slug,
        "first_name": person.name.first,
        "last_name": person.name.last,
        "full_name": person.name.full,
        "headline": f"{person.title} at {person.company.name}",
        "occupation": f"{person.title} at {person.company.name}",
        "city": person.place.city,
        "state": person.place.state.name,
        "country": "US",
        "experiences": [
            {
                "company": "Elsewhere",
                "title": "Intern",
                "starts_at": {"day": 1, "month": 6, "year": 2012},
                "ends_at": {"day": 1, "month": 9, "year": 2012},
                "company_linkedin_profile_url": None,
            },
            {
                "company": person.company.name,
                "title": person.title,
                "starts_at": {"day": 1, "month": 3, "year": 2021},
                "ends_at": None,
                "company_linkedin_profile_url": person.company.linkedin_url,
            },
        ],
        "personal_emails": [],
        "profile_pic_url": f"https://static.licdn.example.com/{person.identity}.jpg",
    }


def _page(company: Company) -> Json:
    least, most = next(((low, high) for low, high in _SIZES if company.employees <= high), (10_001, None))
    return {
        "linkedin_internal_id": str(int(company.id[:8], 16)),
        "name": company.name,
        "website": f"http://www.{company.domain}",
        "industry": company.industry,
        "company_size": [least, most],
        "company_size_on_linkedin": company.employees // 2,
        "hq": {
            "city": company.place.city,
            "state": company.place.state.name,
            "country": "US",
            "postal_code": company.postal_code,
            "line_1": company.street,
            "is_hq": True,
        },
        "founded_year": company.founded,
        "description": f"{company.name} in {company.place.city}.",
    }
