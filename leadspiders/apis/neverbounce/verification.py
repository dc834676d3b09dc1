"""A verdict of NeverBounce on one address, whether it came alone or in a list, and what it means for a contact."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.neverbounce.contract import verdict
from leadspiders.apis.records import read_record
from leadspiders.errors import Unreadable
from leadspiders.items.contact import Contact

SOURCE = "neverbounce.verifications"


class Verification(msgspec.Struct):
    """The verdict: `result` is a word, in older places a number."""

    result: str | int
    flags: list[str] | None = None
    suggested_correction: str | None = None

    always: ClassVar = frozenset({"flags"})
    dropped: ClassVar = frozenset({"address_info", "credits_info", "status", "execution_time"})


class Kept(msgspec.Struct):
    """What is kept of a verdict: the answer names no address unless it is asked to, so that one stands beside it."""

    email: str | None
    verification: dict[str, Any]


def kept(address: str | None, verification: Any) -> bytes:
    """A verdict with the address it is about, to be kept."""
    return msgspec.json.encode({"email": address, "verification": verification})


def read_verdict(raw: bytes) -> Contact:
    """The address and its status, of one kept verdict; raises `Unreadable` when it is none."""
    try:
        told = msgspec.json.decode(raw, type=Kept)
        found = read_record(told.verification, Verification, SOURCE, Drift())
    except ValueError as error:  # msgspec's errors are
        raise Unreadable(f"the kept verdict cannot be read: {error}") from error
    remarks = {name: value for name in ("flags", "suggested_correction") if (value := getattr(found, name))}
    return Contact(
        email=told.email,
        email_status=verdict(found.result),
        extras={"neverbounce": remarks} if remarks else {},
    )
