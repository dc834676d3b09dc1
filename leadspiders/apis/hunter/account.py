"""What is left of Hunter's quota, asked for without using any of it."""

from dataclasses import dataclass
from datetime import date

import msgspec

from leadspiders.apis.http import Reply
from leadspiders.apis.hunter.contract import check
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unreadable


class Count(msgspec.Struct):
    """One kind of request."""

    used: float
    available: float


class Told(msgspec.Struct):
    """`data` of the answer, as far as it is of use; the rest is about the account's owner."""

    requests: dict[str, Count]
    reset_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is left of each kind (`searches`, `verifications`), and when the plan fills it up again."""

    left: dict[str, float]
    renews_on: date | None


def read_account(reply: Reply) -> Account:
    """What is left; raises what `check` raises, `Unreadable` for another body."""
    check(reply)
    try:
        told = msgspec.convert(read_object(reply).get("data"), Told, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"Hunter's account cannot be read: {error}", status=reply.status) from error
    left = {kind: count.available - count.used for kind, count in told.requests.items()}
    return Account(left=left, renews_on=told.reset_date)
