"""Who is who: the keys that make two records one, and what near records are found by.

LinkedIn URL first, then e-mail, then provider id; companies by UEI, CAGE, domain, provider id, EIN, name and place. How
records without a common key compare is in `likeness`, how two become one in `merging`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules import company_names, domains, emails, linkedin, places
from leadspiders.rules.text import fold

# So many consonants of a name make its block: enough to keep blocks of 900,000 registrations small, few enough for a
# word more or less at the end.
BLOCK = 6
_SOFT = re.compile(r"s\b|[aeiouyhw ]")
_TWICE = re.compile(r"(.)\1+")
_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "d": "t", "b": "p", "m": "n"})


@dataclass(slots=True)  # frozen it takes twice the time, and each lead is recognized five times
class ContactKeys:
    """What a person is recognized by; None where there is none. `email` is no desk's, well-formed and not bounced."""

    linkedin: str | None
    email: str | None
    provider: str | None


@dataclass(slots=True)
class CompanyKeys:
    """What a company is recognized by. `name_place` is `clean name|state|city` and needs all three."""

    uei: str | None
    cage: str | None
    ein: str | None
    domain: str | None
    provider: str | None
    name_place: str | None


def contact_keys(contact: Contact) -> ContactKeys:
    """The keys of a contact in canonical form, cleaned or not."""
    found = emails.check(contact.email)
    email = None if found.role or contact.email_status == "invalid" else found.address
    return ContactKeys(linkedin.person(contact.linkedin_url), email, contact.provider_key)


def company_keys(company: Company) -> CompanyKeys:
    """The keys of a company in canonical form; a free-mail or shared host is nobody's domain."""
    domain = domains.registrable(company.domain or company.website)
    if domain is not None and emails.is_free(domain):
        domain = None
    name = employer_name(company)
    placed = name and company.state and company.city
    return CompanyKeys(
        uei=(company.uei or "").upper() or None,
        cage=(company.cage or "").upper() or None,
        ein=company.ein,
        domain=domain,
        provider=company.provider_key,
        name_place=f"{name}|{company.state}|{places.city_key(company.city or '')}" if placed else None,
    )


def employer_name(company: Company) -> str | None:
    """The name for matching; None for `Self-employed`, under which thousands would be one firm."""
    name = company.name or company.legal_name
    return company_names.clean(name) if company_names.names_employer(name) else None


def company_block(company: Company) -> str | None:
    """What near names of one state share: their first consonants by sound (`Ohio Gear Works`, `Ohio Geer Work`)."""
    name = employer_name(company)
    return f"{_sounds(name)}|{company.state}" if name and company.state else None


def contact_block(contact: Contact) -> str | None:
    """What two records of one person share that have no key in common: first and last name and employer."""
    employer = employer_name(contact.company)
    if not (employer and contact.first_name and contact.last_name):
        return None
    return f"{fold(contact.first_name)}|{fold(contact.last_name)}|{employer}"


@lru_cache(maxsize=16_384)
def _sounds(name: str) -> str:
    return _TWICE.sub(r"\1", _SOFT.sub("", name).translate(_SOUNDS))[:BLOCK] or name[:BLOCK]
