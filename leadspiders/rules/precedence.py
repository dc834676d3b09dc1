"""Which of two values of one field is believed, by who said it and when.

A register knows a legal name, a verifier a mailbox, a provider a job; an import is as old as whoever exported it, which
nobody says. The order is total wherever both values have evidence, so it does not matter which record came first.
"""

from datetime import UTC, datetime
from typing import Literal

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.evidence import Evidence

Policy = Literal["trusted", "newest"]

# By the name of a source before its colon; whatever is not named here is a provider.
_TRUST = {"samgov": 4, "dol": 4, "form5500": 4, "osha": 4, "neverbounce": 3, "file": 1}
_PROVIDER = 2
_IMPORT = 1

# What changes with time: the newest wins. Everything else stays true for long: the most trusted wins, then the newest.
_CHANGING = frozenset({
    "title", "seniority", "phone", "city", "state", "country", "metro", "profile_picture_url", "lead_state",
    "employees", "employee_min", "employee_max", "annual_revenue", "website",
})  # fmt: skip
_NEVER = datetime.min.replace(tzinfo=UTC)


def policy(record: Contact | Company, name: str) -> Policy:
    """How the values of a field are weighed. A company's place is its registered one; a person's goes with the job."""
    moving = name in _CHANGING and not (isinstance(record, Company) and name in {"city", "state", "country", "metro"})
    return "newest" if moving else "trusted"


def evidence(record: Contact | Company, name: str) -> Evidence | None:
    """Who said the field: its own evidence, else where the whole record came from, else nobody knows."""
    if found := record.lineage.get(name):
        return found
    if (origin := record.origin) is None:
        return None
    return Evidence(source=origin.source, at=origin.fetched_at, receipt=origin.receipt)


def trust(source: str) -> int:
    """4 for registers, 3 for verifiers, 2 for providers, 1 for imports."""
    return _TRUST.get(source.partition(":")[0], _PROVIDER)


def beats(record: Contact | Company, name: str, *, challenger: Evidence | None, holder: Evidence | None) -> bool:
    """Whether the challenger's value takes the place of the holder's; at a tie, or without evidence, it does not."""
    return _rank(record, name, challenger) > _rank(record, name, holder)


def newer(one: Evidence | None, other: Evidence | None) -> bool:
    """Whether `one` was said after `other`."""
    return (one.at if one else _NEVER) > (other.at if other else _NEVER)


def _rank(record: Contact | Company, name: str, said: Evidence | None) -> tuple[float, float, float, str]:
    if said is None:
        return (0.0, 0.0, 0.0, "")
    trusted, at = float(trust(said.source)), said.at.timestamp()
    if policy(record, name) == "newest":
        # The time of an import is that of loading, not of the facts: any live source knows better.
        return (float(trusted > _IMPORT) + 1.0, at, trusted + said.confidence / 2, said.source)
    return (trusted, said.confidence, at, said.source)
