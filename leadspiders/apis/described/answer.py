"""What a described API answers: the fields its file points at, and what is left over."""

import math
from typing import Any

import msgspec

from leadspiders.apis.described.description import Description
from leadspiders.apis.described.pointer import at, parts
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Reply
from leadspiders.apis.refusals import refuse_bad_status, said
from leadspiders.errors import QuotaUsedUp, Unreadable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

OF_COMPANY = {"company_phone": "phone", "company_name": "name"} | {
    name: name for name in ("domain", "website", "industry", "naics_code", "employees", "founded_year")
}
OF_COMPANY["annual_revenue"] = "annual_revenue"
WHOLE, AMOUNTS = frozenset({"employees", "founded_year"}), frozenset({"annual_revenue"})


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data."""
    if reply.status == 402:
        raise QuotaUsedUp(f"the credits are used up: {said(reply)}", status=402)
    refuse_bad_status(reply)


def read_answer(description: Description, reply: Reply) -> bytes | None:
    """The body of an answer that says something; None: the API knows nothing of it."""
    if reply.status in description.not_found.status:
        return None
    check(reply)
    body = reply.data()
    if (place := description.not_found.empty) and not at(body, place):
        return None
    found = any(at(body, pointer) not in (None, "", [], {}) for pointer in description.fills.values())
    return reply.body if found else None


def read_fields(description: Description, raw: bytes, drift: Drift | None = None) -> Contact:
    """The contact in a kept answer: what the file points at, and the rest of its top level as extras."""
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise Unreadable(f"the kept answer of {description.name} is no JSON") from error
    drift, source = drift or Drift(), f"{description.api_name}.answers"
    contact, before = Contact(company=Company()), drift.losses
    for field, pointer in description.fills.items():
        if (given := at(body, pointer)) in (None, ""):
            continue
        value = _value(field, given, description)
        if value is None:
            drift.note(source, field, "wrong type")
        elif field in OF_COMPANY:
            setattr(contact.company, OF_COMPANY[field], value)
        else:
            setattr(contact, field, value)
    drift.looked_at(source, differs=drift.losses > before)
    contact.email_status = (contact.email_status or "unknown") if contact.email else None
    rest = _without(body, [parts(pointer) for pointer in description.fills.values()])
    contact.extras = rest if isinstance(rest, dict) else {}
    return contact


def _without(data: Any, used: list[tuple[str, ...]]) -> Any:
    """What no pointer leads to; a list that one leads into goes as a whole."""
    if not isinstance(data, dict):
        return None if used else data
    inner = {name: [path[1:] for path in used if path[0] == name] for name in data}
    rest = {name: None if () in inner[name] else _without(value, inner[name]) for name, value in data.items()}
    return {name: value for name, value in rest.items() if value not in (None, {})}


def _value(field: str, given: Any, description: Description) -> str | int | float | None:
    """A value in the type of its field; None where it has another."""
    if field == "email_status":
        return description.verdicts.get(str(given), "unknown")
    if field in WHOLE | AMOUNTS:
        try:
            number = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else None
        except ValueError:
            return None
        if number is None or not math.isfinite(number):
            return None
        return int(number) if field in WHOLE else number
    return given if isinstance(given, str) else None
