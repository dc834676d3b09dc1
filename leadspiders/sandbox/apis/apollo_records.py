"""What Apollo says about a person or a company: masked in a search, whole after a paid match."""

import hashlib
from typing import Any

from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person

Json = dict[str, Any]


def masked(person: Person) -> Json:
    """An item of a people search: no e-mail, no profile, and a last name like `Sm***h`."""
    company = person.company
    return {
        "id": person.id,
        "first_name": person.name.first,
        "last_name_obfuscated": _obfuscated(person.name.last),
        "title": person.title,
        "last_refreshed_at": _refreshed(person.id),
        "has_email": person.email is not None,
        "has_city": "city" not in person.hidden,
        "has_state": "state" not in person.hidden,
        "has_country": True,
        "has_direct_phone": "Yes" if person.phone else "Maybe: please request direct dial via people/bulk_match",
        "organization": {
            "name": company.name,
            "has_industry": True,
            "has_phone": True,
            "has_city": True,
            "has_state": True,
            "has_country": True,
            "has_zip_code": True,
            "has_revenue": company.known_employees is not None,
            "has_employee_count": company.known_employees is not None,
        },
    }


def whole(person: Person) -> Json:
    """A matched person, with the company."""
    home = person.country == "United States"
    shown: dict[str, str | None] = {
        "linkedin_url": person.linkedin_url,
        "city": person.place.city if home else "Toronto",
        "state": person.place.state.name if home else "Ontario",
    }
    shown = {name: None if name in person.hidden else value for name, value in shown.items()}
    return {
        "id": person.id,
        "first_name": person.name.first,
        "last_name": person.name.last or None,
        "name": person.name.full,
        "linkedin_url": shown["linkedin_url"],
        "title": person.title,
        "email_status": person.email_status,
        "photo_url": f"https://static.licdn.example.com/{person.id}.jpg",
        "twitter_url": None,
        "github_url": None,
        "facebook_url": None,
        "extrapolated_email_confidence": None,
        "headline": f"{person.title} at {person.company.name}",
        "email": person.email,
        "organization_id": person.company.id,
        "employment_history": [
            {
                "_id": hashlib.md5(person.id.encode(), usedforsecurity=False).hexdigest()[:24],
                "current": True,
                "organization_id": person.company.id,
                "organization_name": person.company.name,
                "start_date": "2021-03-01",
                "end_date": None,
                "title": person.title,
            }
        ],
        "city": shown["city"],
        "state": shown["state"],
        "country": person.country,
        "organization": organization(person.company),
        "seniority": person.seniority,
        "departments": [person.department],
        "subdepartments": [],
        "functions": [person.department.removeprefix("master_")],
        "revealed_for_current_team": True,
        "is_likely_to_engage": person.email_status == "likely to engage",
    }


def organization(company: Company) -> Json:
    """A company as enrichment and matches show it."""
    place = company.place
    staff = company.known_employees
    return listing(company) | {
        "industry": company.industry,
        "industries": [company.industry],
        "keywords": list(company.keywords),
        "estimated_num_employees": staff,
        "raw_address": f"{company.street}, {place.city}, {place.state.name} {company.postal_code}, US",
        "street_address": company.street,
        "city": place.city,
        "state": place.state.name,
        "postal_code": company.postal_code,
        "country": "United States",
        "annual_revenue": float(company.revenue) if staff else None,
        "annual_revenue_printed": f"{company.revenue / 1e6:.1f}M" if staff else None,
        "total_funding": None,
        "total_funding_printed": None,
        "latest_funding_round_date": None,
        "latest_funding_stage": None,
        "funding_events": [],
        "technology_names": ["Google Analytics", "Cloudflare DNS"],
        "current_technologies": [
            {"uid": "google_analytics", "name": "Google Analytics", "category": "Analytics and Tracking"}
        ],
        "departmental_head_count": {"marketing": staff // 12, "sales": staff // 8} if staff else {},
        "organization_headcount_six_month_growth": 0.02,
        "organization_headcount_twelve_month_growth": 0.05,
        "naics_codes": [company.trade.naics],
        "sic_codes": [],
        "short_description": f"{company.name}: {company.industry} in {place.city}, {place.state.code}.",
    }


def listing(company: Company) -> Json:
    """A company as an organization search lists it: no head count."""
    sanitized = "+1" + "".join(filter(str.isdigit, company.phone))
    return {
        "id": company.id,
        "name": company.name,
        "website_url": f"http://www.{company.domain}",
        "linkedin_url": company.linkedin_url,
        "primary_phone": {"number": company.phone, "source": "Owler", "sanitized_number": sanitized},
        "phone": company.phone,
        "sanitized_phone": sanitized,
        "founded_year": company.founded,
        "primary_domain": company.domain,
    }


def _obfuscated(last: str) -> str:
    return f"{last[:2]}***{last[-1:]}" if last else ""


def _refreshed(person_id: str) -> str:
    """A date of its own for every record, the same whenever it is asked."""
    number = int(person_id[:6], 16)
    return f"2026-{number % 10 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:{number % 60:02d}:00.000+00:00"
