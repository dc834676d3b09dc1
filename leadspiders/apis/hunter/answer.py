"""Hunter's answers about people: an envelope of data, or the word that somebody wants no contact."""

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Reply
from leadspiders.apis.hunter.contract import API, CLAIMED, check
from leadspiders.apis.records import read_records
from leadspiders.errors import Unreadable
from leadspiders.items.evidence import Evidence

S = TypeVar("S", bound=msgspec.Struct)

DO_NOT_CONTACT = "do-not-contact"
"""The flag of somebody who has asked Hunter to stop processing the address: nobody may write to them."""
CLAIMED_STATUS = 451
# In our own words: what was asked about such a person is not kept.
REFUSAL = msgspec.json.encode({"errors": [{"id": CLAIMED, "code": CLAIMED_STATUS}]})
MOST_SOURCES = 3


class Verification(msgspec.Struct):
    """When Hunter last looked at an address, and what it saw."""

    date: str | None = None
    status: str | None = None


def body_to_keep(reply: Reply) -> bytes:
    """The body, or the refusal of a person; raises what `check` raises for any other refusal."""
    if reply.status == CLAIMED_STATUS:
        return REFUSAL
    check(reply)
    return reply.body


def read_data(body: bytes, kind: type[S], source: str, drift: Drift | None = None) -> S | None:
    """The `data` of a body; None for the refusal of a person. Raises `Unreadable` for another body."""
    try:
        answer = msgspec.json.decode(body)
    except ValueError as error:
        raise Unreadable("Hunter did not answer JSON") from error
    if not isinstance(answer, dict):
        raise Unreadable("Hunter answered JSON that is no object")
    if "data" not in answer and _claimed(answer.get("errors")):
        return None
    read, broken = read_records([answer.get("data")], kind, source, drift)
    if not read:
        raise Unreadable(f"Hunter's answer cannot be read: {broken[0].reason if broken else 'it has no data'}")
    return read[0][0]


def remarks(score: int | None, verified_on: str | None = None, sources: list[Any] | None = None) -> dict[str, Any]:
    """What Hunter adds to an address, for the extras: how sure it is, since when, and where it stands in public."""
    pages = [source.get("uri") for source in sources or [] if isinstance(source, dict)]
    found = {"score": score, "verified_on": verified_on, "sources": pages[:MOST_SOURCES]}
    kept = {name: value for name, value in found.items() if value not in (None, [])}
    return {"hunter": kept} if kept else {}


def proof(score: int | None, verified_on: str | None) -> dict[str, Evidence]:
    """How sure Hunter is of an address it found, as the evidence of it; who buys the answer adds receipt and price."""
    if score is None:
        return {}
    try:
        at = datetime.fromisoformat(verified_on or "").replace(tzinfo=UTC)
    except ValueError:
        at = datetime.fromtimestamp(0, UTC)
    return {"email": Evidence(source=API.name, at=at, receipt="", confidence=min(max(score, 0), 100) / 100)}


def _claimed(errors: Any) -> bool:
    return isinstance(errors, list) and any(isinstance(one, dict) and one.get("id") == CLAIMED for one in errors)
