"""Twins: two records of one CRM about the same person or company, judged by the truth of the world."""

from collections.abc import Callable, Mapping

from leadspiders.sandbox.crm import Crm
from leadspiders.sandbox.world.people import LOCKED_EMAIL
from leadspiders.sandbox.world.truth import World

_PROFILE_MARK = "linkedin.com/in/"


def twins(crm: Crm, world: World) -> dict[str, int]:
    """For contacts and companies: how many records there are beyond the first of each person or company."""
    who: Mapping[str, Callable[[Mapping[str, str], World], str]] = {"contacts": person_of, "companies": company_of}
    found = {}
    for kind, name in who.items():
        records = list(crm.all(kind))
        found[kind] = len(records) - len({name(record.properties, world) for record in records})
    return found


def person_of(properties: Mapping[str, str], world: World) -> str:
    """The identity behind a contact: by e-mail, LinkedIn profile in any property, or name and company."""
    email = properties.get("email", "").lower()
    if email in world.by_email and email != LOCKED_EMAIL:
        return world.by_email[email].identity
    for value in properties.values():
        if _PROFILE_MARK in value.lower():
            slug = value.lower().split(_PROFILE_MARK)[1].split("?")[0].strip("/")
            return world.by_slug[slug].identity if slug in world.by_slug else slug
    name = " ".join(properties.get(part, "") for part in ("firstname", "lastname", "company"))
    return email or name.lower()


def company_of(properties: Mapping[str, str], world: World) -> str:
    """The company behind a record: by domain or name; an unknown one is its own domain or name."""
    domain = properties.get("domain", "").lower().removeprefix("www.")
    name = properties.get("name", "").lower()
    found = world.companies_by_domain.get(domain) or world.companies_by_name.get(name)
    return found.id if found else domain or name
