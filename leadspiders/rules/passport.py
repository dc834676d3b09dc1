"""Writes into each field that a provider filled who said so, when, on which receipt, how surely and at what cost."""

from dataclasses import fields
from datetime import datetime

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, EmailStatus
from leadspiders.items.evidence import Evidence

CONFIDENCE: dict[EmailStatus | None, float] = {"valid": 1.0, "risky": 0.5, "unknown": 0.5, None: 0.5, "invalid": 0.0}
"""How far an address is believed where its provider puts no figure on it."""
_NO_FACT = {
    "company",
    "lead_state",
    "flags",
    "extras",
    "lineage",
    "origin",
    "id",
    "known",
    "scores",
    "last_name_masked",
    "marketing_use",
    "decision_makers",
}
_OF_PERSON = tuple(field.name for field in fields(Contact) if field.name not in _NO_FACT)
_OF_COMPANY = tuple(field.name for field in fields(Company) if field.name not in _NO_FACT)


def stamp(answer: Contact, *, source: str, at: datetime, receipt: str, usd: float) -> None:
    """Give each field of a provider's answer its evidence; the price is shared evenly. A confidence that the provider's
    reader noted stays."""
    told: list[tuple[Contact | Company, str]] = [
        *((answer, name) for name in _OF_PERSON if getattr(answer, name) is not None),
        *((answer.company, name) for name in _OF_COMPANY if getattr(answer.company, name) is not None),
    ]
    share = round(usd / max(len(told), 1), 6)
    said: dict[float, Evidence] = {}  # one for all fields that are as sure: it is never changed
    for item, name in told:
        noted = item.lineage.get(name)
        sure = noted.confidence if noted else CONFIDENCE[answer.email_status] if name == "email" else 1.0
        if sure not in said:
            said[sure] = Evidence(source=source, at=at, receipt=receipt, confidence=sure, cost_usd=share)
        item.lineage[name] = said[sure]
