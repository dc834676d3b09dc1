"""What Hunter says about an address, a person and a company, as far as it knows them."""

from collections import Counter
from typing import Any

from leadspiders.sandbox.world import mailboxes, names
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World

Json = dict[str, Any]
API = "hunter"
PATTERN = "{first}.{last}"
SENIORITIES = {"c_suite": "executive", "vp": "executive", "director": "executive", "manager": "senior"}
_DATE = "2026-10-04"
_UNCLEAR = 0.03  # of the addresses: the mail server gives no clear word
_CLAIMED = 0.01  # of the people have asked Hunter to forget them
_WORDS = {
    "valid": "valid",
    "catch-all": "accept_all",
    "webmail": "webmail",
    "disposable": "disposable",
    "invalid": "invalid",
}
_SCORES = {"valid": 97, "accept_all": 74, "webmail": 80, "disposable": 12, "invalid": 0, "unknown": 45}
_RESULTS = {"valid": "deliverable", "invalid": "undeliverable"}


def verdict(world: World, address: str) -> str:
    """Hunter's status of an address: the truth, or `unknown`."""
    if mailboxes.well_formed(address.lower()) and mailboxes.unanswered(API, address, _UNCLEAR):
        return "unknown"
    return _WORDS[mailboxes.truth(world, address)]


def claimed(person: Person | None) -> bool:
    """Whether a person has asked Hunter to stop processing the address."""
    return person is not None and mailboxes.chance(API, "claimed", person.identity) < _CLAIMED


def verification(world: World, address: str) -> Json:
    """`data` of the verifier."""
    status = verdict(world, address)
    exists = status not in ("invalid", "disposable")
    return {
        "status": status,
        "result": _RESULTS.get(status, "risky"),
        "_deprecation_notice": "Using result is deprecated, use status instead",
        "score": _SCORES[status],
        "email": address,
        "regexp": mailboxes.well_formed(address.lower()),
        "gibberish": False,
        "disposable": status == "disposable",
        "webmail": status == "webmail",
        "mx_records": exists,
        "smtp_server": exists,
        "smtp_check": status == "valid",
        "accept_all": status == "accept_all",
        "block": status == "unknown",
        "sources": [],
    }


def found(world: World, person: Person) -> Json:
    """`data` of the finder for a person on file."""
    status = verdict(world, person.mailbox)
    return _answer(person) | {
        "email": person.mailbox,
        "score": min(_SCORES[status], 98),
        "accept_all": status == "accept_all",
        "position": person.title,
        "linkedin_url": f"https://www.linkedin.com/in/{person.slug}",
        "sources": _sources(person),
        "verification": {"date": _DATE, "status": status},
    }


def guessed(company: Company, first: str, last: str) -> Json:
    """`data` of the finder for somebody not on file: the pattern where any name is taken, else nothing."""
    words = [*names.ascii_words(first)[:1], *names.ascii_words(last)[-1:]]
    hit = mailboxes.catch_all(company.domain) and len(words) == 2
    status = "accept_all" if hit else None
    return nothing(company, first, last) | {
        "email": f"{'.'.join(words)}@{company.domain}" if hit else None,
        "score": 52 if hit else None,
        "accept_all": mailboxes.catch_all(company.domain),
        "verification": {"date": _DATE if hit else None, "status": status},
    }


def nothing(company: Company, first: str, last: str) -> Json:
    """`data` of the finder when it knows nobody."""
    return {
        "first_name": first,
        "last_name": last,
        "email": None,
        "score": None,
        "domain": company.domain,
        "accept_all": False,
        "position": None,
        "twitter": None,
        "linkedin_url": None,
        "phone_number": None,
        "company": company.name,
        "sources": [],
        "verification": {"date": None, "status": None},
    }


def on_file(world: World, company: Company) -> list[Json]:
    """Every address of a company that Hunter has, as a domain search lists them: people first, then desks."""
    people = [person for person in world.by_domain.get(company.domain, ()) if person.twin_of is None]
    listed = [_listed(world, person) for person in people if mailboxes.knows(API, person) and not claimed(person)]
    return listed + [
        _desk(company, label) for label in mailboxes.ROLES if mailboxes.chance(API, label, company.id) < 0.5
    ]


def employer(company: Company | None, domain: str | None) -> Json:
    """What `data` of a domain search says of the company itself; of an unknown one hardly anything."""
    return {
        "domain": company.domain if company else domain,
        "disposable": False,
        "webmail": False,
        "accept_all": company is not None and mailboxes.catch_all(company.domain),
        "organization": company.name if company else None,
        "industry": company.industry if company else None,
        "country": "US" if company else None,
        "state": company.place.state.code if company else None,
        "city": company.place.city if company else None,
        "linked_domains": [],
    }


def named(world: World, company: Company | None, first: str, last: str) -> Person | None:
    """The person of that name at a company, however it is spelled: generations and middle names do not count."""
    asked = _key(f"{first} {last}")
    people = world.by_domain.get(company.domain, ()) if company else ()
    return next((each for each in people if asked and _key(each.name.full) == asked), None)


def pattern(entries: list[Json]) -> str | None:
    """The commonest form of the addresses of people."""
    people = [entry["value"].partition("@")[0] for entry in entries if entry["type"] == "personal"]
    forms = Counter(PATTERN if "." in label else "{first}" for label in people)
    return forms.most_common(1)[0][0] if forms else None


def _key(name: str) -> tuple[str, ...]:
    words = [word for word in names.ascii_words(name) if word not in ("jr", "sr", "ii", "iii")]
    return (words[0], words[-1]) if words else ()


def _answer(person: Person) -> Json:
    return nothing(person.company, person.name.first, person.name.last)


def _listed(world: World, person: Person) -> Json:
    status = verdict(world, person.mailbox)
    return {
        "value": person.mailbox,
        "type": "personal",
        "confidence": _SCORES[status],
        "sources": _sources(person),
        "first_name": person.name.first,
        "last_name": person.name.last or None,
        "position": person.title,
        "position_raw": person.title,
        "seniority": SENIORITIES.get(person.seniority, "junior"),
        "department": "hr" if person.department == "human_resources" else person.department.removeprefix("master_"),
        "linkedin": f"https://www.linkedin.com/in/{person.slug}",
        "twitter": None,
        "phone_number": None,
        "verification": {"date": _DATE, "status": status},
    }


def _desk(company: Company, label: str) -> Json:
    return {
        "value": f"{label}@{company.domain}",
        "type": "generic",
        "confidence": 90,
        "sources": [],
        "first_name": None,
        "last_name": None,
        "position": None,
        "position_raw": None,
        "seniority": None,
        "department": None,
        "linkedin": None,
        "twitter": None,
        "phone_number": None,
        "verification": {"date": None, "status": None},
    }


def _sources(person: Person) -> list[Json]:
    domain = person.company.domain
    return [
        {
            "domain": domain,
            "uri": f"http://{domain}/team",
            "extracted_on": "2025-02-11",
            "last_seen_on": "2026-09-20",
            "still_on_page": True,
        }
    ]
