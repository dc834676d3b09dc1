"""What Dropcontact makes of a record: what it was sent, and an address with a word about it, in changing spellings."""

import json
from typing import Any

from leadspiders.sandbox.world import directory, mailboxes
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
API = "dropcontact"
INPUTS = frozenset({
    "first_name", "last_name", "full_name", "civility", "email", "linkedin", "job", "job_function", "job_level",
    "mobile_phone", "phone", "location", "company", "website", "company_linkedin", "num_siren", "siret",
    "siret_address", "siret_zip", "siret_city", "country", "custom_fields",
})  # fmt: skip
_NAMES = ("full_name", "first_name", "last_name")
_COMPANY = ("company", "website", "company_linkedin", "num_siren", "siret")
_OBJECTED = 0.01  # of the people do not want to be written to
_WORDS = {
    "valid": ("nominative@pro", "nominative@pro", "Nominative@Pro"),
    "catch-all": ("catch_all@pro", "catch-all@pro", "Catch-All@pro"),
    "webmail": ("nominative@perso",),
    "disposable": ("random@disposable",),
    "invalid": ("invalid@pro", "Invalid@invalid"),
}
_FRENCH = {"nominative": "nominatif", "invalid": "invalide", "random": "aleatoire", "disposable": "jetable"}
_SIZES = (10, 50, 100, 250, 500, 1000, 5000)


def problem(record: Any, most_bytes: int) -> str | None:
    """What is wrong with a record that was sent."""
    if not isinstance(record, dict):
        return "Each record must be an object"
    if strange := sorted(record.keys() - INPUTS):
        return f"unexpected_field: {', '.join(strange)}"
    if len(json.dumps(record, ensure_ascii=False).encode()) > most_bytes:
        return "A record is larger than 15 kB"
    named = any(record.get(name) for name in _NAMES) and any(record.get(name) for name in _COMPANY)
    return (
        None if named or record.get("email") or record.get("linkedin") else "Missing data: name and company, or email"
    )


def completed(world: World, record: Json, *, english: bool) -> Json:
    """The record with what was found."""
    person, address = _found(world, record)
    answer = {name: value for name, value in record.items() if name != "email"} | {"civility": None}
    if address:
        qualification = _qualification(world, person, address)
        if not english:
            local, _, domain = qualification.partition("@")
            qualification = f"{_FRENCH.get(local.lower(), local)}@{_FRENCH.get(domain.lower(), domain)}"
        answer["email"] = [{"email": address, "qualification": qualification}]
    if person is not None and _of_profile(person):
        answer |= _about(person)
    return {name: value for name, value in answer.items() if value is not None}


def fact(world: World, record: Json) -> str | None:
    """What is sold with a record; None: nothing."""
    if record.get("email"):
        return f"verify:{str(record['email']).lower()}"
    person, address = _found(world, record)
    return f"email:{person.identity}" if person and address else None


def _found(world: World, record: Json) -> tuple[Person | None, str | None]:
    """Who is meant, and the address that was sent or worked out."""
    company = directory.company(world, domain=str(record.get("website") or ""), name=str(record.get("company") or ""))
    name = str(record.get("full_name") or f"{record.get('first_name', '')} {record.get('last_name', '')}")
    person = (
        directory.by_profile(world, str(record.get("linkedin") or ""))
        or directory.by_address(world, str(record.get("email") or ""))
        or directory.by_name(world, name, company)
    )
    if record.get("email"):
        return person, str(record["email"])
    return person, person.mailbox if person and mailboxes.knows(API, person) else None


def _qualification(world: World, person: Person | None, address: str) -> str:
    if person is not None and mailboxes.chance(API, "objected", person.identity) < _OBJECTED:
        return "Do_Not_Contact@pro"
    label = address.partition("@")[0].lower()
    if label in mailboxes.ROLES:
        return "generic@pro"
    words = _WORDS[mailboxes.truth(world, address)]
    return words[int(mailboxes.chance(API, "spelling", address.lower()) * len(words))]


def _of_profile(person: Person) -> bool:
    return mailboxes.chance(API, "profile", person.identity) < 0.6


def _about(person: Person) -> Json:
    company = person.company
    return {
        "full_name": person.name.full,
        "job": person.title,
        "linkedin": None if "linkedin_url" in person.hidden else person.linkedin_url,
        "mobile_phone": person.phone,
        "company": company.name,
        "website": f"www.{company.domain}",
        "company_linkedin": company.linkedin_url,
        "nb_employees": _size(company),
        "country": "US",
    }


def _size(company: Company) -> str:
    least = 1
    for most in _SIZES:
        if company.employees <= most:
            return f"{least}-{most}"
        least = most + 1
    return "5000+"
