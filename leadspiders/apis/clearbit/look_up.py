"""One look-up at Clearbit: found, unknown, or queued; the same question is counted once, however often it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from leadspiders.apis.clearbit.contract import API, check
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unavailable

UNKNOWN = 404
QUEUED = 202
WAITS_SECONDS: Sequence[float] = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""A queued look-up is done within a minute, by the old documentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The body of the answer, None: unknown. Both are counted, at a credit."""

    body: bytes | None
    credits: float = 1.0


def look_up_call(path: str, name: str, value: str, purpose: str) -> Call:
    """The call for what Clearbit knows under one value."""
    return Call(api=API.name, path=path, params=((name, value),), credits=1.0, purpose=purpose)


def look_up(call: Call) -> Conversation[Found]:
    """Ask, and ask again for nothing while it is queued; raises `Unavailable` when it stays so for a minute."""
    found = read_look_up((yield call))
    for wait in WAITS_SECONDS:
        if found is not None:
            return found
        found = read_look_up((yield replace(call, credits=0.0, delay=wait)))
    if found is None:
        raise Unavailable("Clearbit has queued the look-up and not done it within a minute: ask again later")
    return found


def read_look_up(reply: Reply) -> Found | None:
    """What was found; None while it is queued."""
    if reply.status == UNKNOWN:
        return Found(body=None)
    check(reply)
    if reply.status == QUEUED:
        return None
    read_object(reply)
    return Found(body=reply.body)
