"""Apollo's paid answers: who is behind an id, an address, a profile or a name, and what a company is."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from leadspiders.sandbox.apis import apollo_parameters as parameters
from leadspiders.sandbox.apis import apollo_records as records
from leadspiders.sandbox.apis.apollo_access import spend
from leadspiders.sandbox.apis.apollo_parameters import flag, listed, refusal
from leadspiders.sandbox.state import EFFECT, Refused, sandbox_of
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
BULK_MAX = 10
PHONE_CREDITS = 8


async def match(request: web.Request) -> Json:
    """One person: 1 credit, 8 more for a mobile number; nobody found is free."""
    asked = await parameters.read(request, parameters.MATCH)
    phones = _wants_phones(asked)
    person = _person(sandbox_of(request).world, asked)
    if person is None:
        return {"person": None}
    _charge_people(request, [person], phones)
    return {"person": records.whole(person)} | _request_id(person, phones)


async def bulk_match(request: web.Request) -> Json:
    """Up to ten people in the order asked, None for who is not found."""
    asked = await parameters.read(request, parameters.MATCH)
    details = asked.get("details")
    if not isinstance(details, list) or not details or not all(isinstance(each, dict) for each in details):
        raise Refused(_bulk_refusal("INVALID_REQUEST", "details must be a list of 1 to 10 objects"))
    if len(details) > BULK_MAX:
        raise Refused(
            _bulk_refusal("RECORD_LIMIT_EXCEEDED", f"details takes up to {BULK_MAX} records, not {len(details)}")
        )
    phones = _wants_phones(asked)
    world = sandbox_of(request).world
    found = [_person(world, each) for each in details]
    unique = list({person.id: person for person in found if person}.values())
    taken = _charge_people(request, unique, phones)
    return {
        "status": "success",
        "error_code": None,
        "error_message": None,
        "total_requested_enrichments": len(details),
        "unique_enriched_records": len(unique),
        "missing_records": found.count(None),
        "credits_consumed": float(taken),
        "matches": [records.whole(person) if person else None for person in found],
    }


async def enrich(request: web.Request) -> Json:
    """One company: 1 credit; an unknown one is free."""
    asked = await parameters.read(request, parameters.MATCH)
    company = _company(sandbox_of(request).world, asked)
    if company is None:
        return {"organization": None}
    charge(request, [f"company {company.id}"])
    return {"organization": records.organization(company)}


async def bulk_enrich(request: web.Request) -> Json:
    """Up to ten companies by domain."""
    asked = await parameters.read(request, parameters.MATCH)
    domains = [domain.lower() for domain in listed(asked, "domains")]
    if not domains or len(domains) > BULK_MAX:
        raise Refused(_bulk_refusal("RECORD_LIMIT_EXCEEDED" if domains else "INVALID_REQUEST", "domains takes 1 to 10"))
    world = sandbox_of(request).world
    found = [_company(world, {"domain": domain}) for domain in domains]
    unique = {company.id for company in found if company}
    charge(request, [f"company {company_id}" for company_id in sorted(unique)])
    return {
        "status": "success",
        "error_code": None,
        "error_message": None,
        "total_requested_domains": len(domains),
        "unique_domains": len(set(domains)),
        "unique_enriched_records": len(unique),
        "missing_records": found.count(None),
        "organizations": [records.organization(company) if company else None for company in found],
    }


def charge(request: web.Request, facts: Sequence[str], credits_each: int = 1) -> int:
    """Sell some facts to the team of a call; returns the credits taken. Raises `Refused` when there are too few."""
    if not facts:
        return 0
    spend(request, len(facts) * credits_each)
    request[EFFECT] = True
    return sandbox_of(request).charges.charge("apollo", facts, credits_each)


def _charge_people(request: web.Request, people: Sequence[Person], phones: bool) -> int:
    taken = charge(request, [f"person {person.id}" for person in people])
    if phones:
        taken += charge(request, [f"phone {person.id}" for person in people if person.phone], PHONE_CREDITS)
    return taken


def _wants_phones(asked: Mapping[str, Any]) -> bool:
    phones = flag(asked, "reveal_phone_number", default=False)
    if phones and not str(asked.get("webhook_url", "")).startswith("https://"):
        raise Refused(refusal(400, "Please add a valid 'webhook_url' parameter when using 'reveal_phone_number'"))
    return phones


def _request_id(person: Person, phones: bool) -> Json:
    return {"request_id": int(person.id[:12], 16)} if phones else {}


def _bulk_refusal(code: str, message: str) -> web.Response:
    body = {"status": "failed", "error_code": code, "error_message": message}
    return web.json_response(body, status=400)


def _person(world: World, asked: Mapping[str, Any]) -> Person | None:
    """The first identifier that finds somebody decides; a person whose match brings nothing is not found."""
    person = _by_key(world, asked) or _by_name(world, asked)
    return person if person is not None and person.matched else None


def _by_key(world: World, asked: Mapping[str, Any]) -> Person | None:
    if found := world.by_id.get(str(asked.get("id") or "")):
        return found
    if found := world.by_email.get(str(asked.get("email") or "").lower()):
        return found
    if "/in/" in (profile := str(asked.get("linkedin_url") or "").lower()):
        return world.by_slug.get(profile.split("/in/")[1].split("?")[0].strip("/"))
    if hashed := str(asked.get("hashed_email") or ""):
        make = hashlib.sha256 if len(hashed) == 64 else hashlib.md5
        return next(
            (person for email, person in world.by_email.items() if make(email.encode()).hexdigest() == hashed), None
        )
    return None


def _by_name(world: World, asked: Mapping[str, Any]) -> Person | None:
    parts = (str(asked.get(part) or "") for part in ("first_name", "last_name"))
    name = str(asked.get("name") or " ".join(parts)).strip().lower()
    company = _company(world, {"domain": asked.get("domain"), "name": asked.get("organization_name")})
    if not name or company is None:
        return None
    return next((each for each in world.by_domain.get(company.domain, ()) if each.name.full.lower() == name), None)


def _company(world: World, asked: Mapping[str, Any]) -> Company | None:
    domain = str(asked.get("domain") or asked.get("website") or "").lower()
    domain = domain.removeprefix("https://").removeprefix("http://").removeprefix("www.").strip("/")
    page = str(asked.get("linkedin_url") or "").lower().strip("/").rpartition("/company/")[2]
    found = (
        world.companies_by_domain.get(domain)
        or world.companies_by_page.get(page)
        or world.companies_by_name.get(str(asked.get("name") or asked.get("organization_name") or "").lower())
    )
    return found if found is not None and found.listed else None
