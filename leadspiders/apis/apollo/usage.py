"""What is left of Apollo's limits and credits, asked for without a credit; needs a master key."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from leadspiders.apis.apollo.contract import API, CREDITS_LEFT, check
from leadspiders.apis.consumed import Consumed
from leadspiders.apis.http import Call, Conversation, Reply, Usage
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unreadable

API_PATH = "/api/v1/usage_stats/api_usage_stats"
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}


class Count(msgspec.Struct):
    """One window, or one kind of credit."""

    limit: float | None = None
    consumed: float | None = None
    left_over: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """Credits left and consumed by kind (`lead_credit`, ...), and when the plan fills them up again."""

    left: dict[str, float]
    renews_at: datetime | None
    consumed: dict[str, float]


def usage_call() -> Call:
    """The call for the limits of every endpoint."""
    return Call(api=API.name, method="POST", path=API_PATH, json={}, purpose="limits left")


def read_usage(reply: Reply) -> dict[str, tuple[Usage, ...]]:
    """The windows of each endpoint, by its path (`api/v1/people/bulk_match`)."""
    check(reply)
    found = {}
    for name, windows in read_object(reply).items():
        if isinstance(windows, dict):
            found[_endpoint(name)] = tuple(
                Usage(seconds=seconds, limit=_whole(count.limit), left=_whole(count.left_over))
                for window, seconds in SECONDS.items()
                if window in windows
                for count in [_count(windows[window])]
            )
    return found


def credit_usage_call() -> Call:
    """The call for the credits left."""
    return CREDITS_LEFT


def read_credits(reply: Reply) -> Credits:
    """The credits left of the current cycle."""
    check(reply)
    body = read_object(reply)
    kinds = body.get("credit_usage_stats")
    if not isinstance(kinds, dict):
        raise Unreadable("Apollo's answer has no credit_usage_stats", status=reply.status)
    counts = {kind: _count(count) for kind, count in kinds.items()}
    cycle = body.get("current_credit_cycle")
    try:
        renews_at = msgspec.convert(cycle["end_date"], datetime) if isinstance(cycle, dict) else None
    except (KeyError, msgspec.ValidationError):
        renews_at = None
    left = {kind: count.left_over for kind, count in counts.items() if count.left_over is not None}
    consumed = {kind: count.consumed for kind, count in counts.items() if count.consumed is not None}
    return Credits(left=left, renews_at=renews_at, consumed=consumed)


def credits_consumed() -> Conversation[Consumed]:
    """What the team has consumed of all kinds of credits in the current cycle; raises `Unreadable` without figures."""
    credits_ = read_credits((yield credit_usage_call()))
    if not credits_.consumed or credits_.renews_at is None:
        raise Unreadable("Apollo does not say how many credits the cycle has consumed")
    return Consumed(credits=sum(credits_.consumed.values()), cycle=credits_.renews_at.isoformat())


def _endpoint(name: str) -> str:
    """`["api/v1/contacts", "search"]` as `api/v1/contacts/search`."""
    try:
        return "/".join(msgspec.json.decode(name, type=list[str]))
    except msgspec.DecodeError:
        return name


def _count(value: object) -> Count:
    try:
        return msgspec.convert(value, Count, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"Apollo's usage figures cannot be read: {error}") from error


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
