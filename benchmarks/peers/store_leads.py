"""Made-up leads for the store benchmarks: people with all their fields, three to a company, scored and with lineage."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Points, Scores
from leadspiders.rules.clean import clean_contact
from leadspiders.rules.identity import company_keys, contact_keys

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAGE = 100
FIELDS = ("full_name", "title", "email", "phone", "linkedin_url", "city", "state", "country", "seniority")
COMPANY_FIELDS = ("name", "domain", "industry", "employees", "city", "state", "naics_code", "founded_year")
REASONS = ("required fields", "e-mail", "company data", "title", "location")


def leads(number: int, run_id: str, batch: str = "") -> list[Contact]:
    """So many people that nobody has seen, a page of 100 a receipt, as clean as they come to the store.

    The batch, eight hexadecimal digits, is in each of their keys.
    """
    batch = batch or secrets.token_hex(4)
    people = [_person(batch, place, run_id) for place in range(number)]
    for person in people:
        clean_contact(person)
        contact_keys(person), company_keys(person.company)
    return people


def receipts(people: Sequence[Contact]) -> dict[str, int]:
    """How many records each receipt must announce."""
    seen: dict[str, int] = {}
    for person in people:
        assert person.origin
        seen[person.origin.receipt] = seen.get(person.origin.receipt, 0) + 1
    return seen


def flat(person: Contact) -> dict[str, Any]:
    """The same as a flat record with the company beside it, as a loader of tables takes it."""
    names = [name for name in person.__slots__ if name not in {"company", "lineage", "origin", "scores", "id", "flags"}]
    company = {f"company_{name}": getattr(person.company, name) for name in Company.__slots__}
    for name in ("lineage", "origin", "scores", "id", "extras", "known"):
        company.pop(f"company_{name}")
    row = {name: getattr(person, name) for name in names} | company
    row.pop("known")
    row["extras"] = "{}"
    assert person.scores
    return row | {"quality": person.scores.quality, "fit": person.scores.fit, "collected_at": NOW}


def _person(batch: str, place: int, run_id: str) -> Contact:
    firm, key = f"{batch}{place // 3}", f"{batch}-{place}"
    first_name, last_name = _word(batch, place)[:6], _word(batch, place * 7)[6:].title()
    receipt = f"{batch}{place // PAGE:032x}.0"
    said = Evidence(source="apollo", at=NOW, receipt=receipt, confidence=0.9)
    points = [Points(points=16.0, reason=reason, evidence="as the source says it") for reason in REASONS]
    company = Company(
        name=f"{_word(batch, place // 3)} {firm} Works",
        domain=f"f{firm}.example.com",
        website=f"https://www.f{firm}.example.com",
        provider_key=f"apollo:o{firm}",
        linkedin_url=f"https://www.linkedin.com/company/f{firm}",
        phone="+13035550100",
        industry="retail",
        naics_code="441110",
        employees=120,
        founded_year=1999,
        city="Denver",
        state="CO",
        country="US",
        lineage=dict.fromkeys(COMPANY_FIELDS, said),
    )
    return Contact(
        full_name=f"{first_name} {last_name}",
        first_name=first_name,
        last_name=last_name,
        title="PPC Manager",
        seniority="manager",
        email=f"ann.{key}@f{firm}.example.com",
        email_status="valid",
        phone=f"+1303{place % 10_000_000:07d}",
        linkedin_url=f"https://www.linkedin.com/in/ann-{key}",
        provider_key=f"apollo:{key}",
        city="Denver",
        state="CO",
        country="US",
        metro="Denver",
        company=company,
        lead_state="ready",
        extras={"headline": "PPC Manager who likes figures", "departments": ["marketing"]},
        lineage=dict.fromkeys(FIELDS, said),
        origin=Origin(
            source="apollo",
            url="https://api.example.com",
            fetched_at=NOW,
            run_id=run_id,
            receipt=receipt,
            index=place % PAGE,
        ),
        scores=Scores(
            quality=80,
            quality_points=points,
            fit=70,
            fit_points=points,
            variant="a",
            version="1",
            is_qualified=True,
        ),
    )


def _word(batch: str, place: int) -> str:
    """Six syllables that hardly another place of any batch has: few names are near each other."""
    scattered = (int(batch, 16) + place) * 618_033 % 1_000_000
    return "".join("bdfgjklnrs"[scattered // 10**digit % 10] + "aeiou"[place % 5] for digit in range(6)).title()
