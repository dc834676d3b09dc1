"""NeverBounce's jobs: a list of addresses is handed in, looked through within seconds to minutes, and fetched by pages.

The list is paid for when it is handed in; to ask how far it is, and for the verdicts, is free.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.neverbounce.contract import API, check
from leadspiders.apis.neverbounce.verification import SOURCE, Verification, kept
from leadspiders.apis.records import read_records
from leadspiders.apis.refusals import read_object, scrub
from leadspiders.errors import ArgumentError, QuotaUsedUp, RequestRefused, Unavailable, Unreadable

PATH = "/v4.2/jobs/"
MOST_PER_PAGE = 1_000
# A short list is done within a second, and a look is free: the waits double up to 15 seconds, six minutes in all.
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 15.0
MOST_LOOKS = 30
COMPLETE, FAILED = "complete", "failed"
UNDER_REVIEW = "under_review"


class Billed(msgspec.Struct):
    """`total` of a job's state, as far as it is about money."""

    billable: int | None = None


class State(msgspec.Struct):
    """How far a job is."""

    job_status: str
    total: Billed | None = None
    failure_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdicts of a job: one for each address in their order, to be kept; `credits` is what they cost."""

    verdicts: Sequence[bytes | None]
    credits: float


def create_call(addresses: Sequence[str]) -> Call:
    """The call that hands a list in and starts it; costs a credit for each well-formed address."""
    if not addresses:
        raise ArgumentError("a job of no addresses: hand in one at least")
    return Call(
        api=API.name,
        method="POST",
        path=f"{PATH}create",
        json={
            "input_location": "supplied",
            "filename": "leads",
            "auto_parse": True,
            "auto_start": True,
            "allow_manual_review": False,
            "input": [{"id": str(place), "email": address} for place, address in enumerate(addresses)],
        },
        group="jobs",
        credits=float(len(addresses)),
        purpose="verify e-mails",
    )


def read_created(reply: Reply) -> int:
    """The id of the job."""
    check(reply)
    found = read_object(reply).get("job_id")
    if isinstance(found, bool) or not isinstance(found, int):
        raise Unreadable("NeverBounce's answer has no job_id", status=reply.status)
    return found


def status_call(job_id: int, *, delay: float = 0.0) -> Call:
    """The call that looks how far a job is. Free."""
    return Call(
        api=API.name,
        path=f"{PATH}status",
        params=(("job_id", str(job_id)),),
        delay=delay,
        purpose="look for verdicts",
    )


def read_state(reply: Reply) -> State:
    """How far a job is; raises `RequestRefused` or `QuotaUsedUp` for one that failed."""
    check(reply)
    try:
        state = msgspec.convert(read_object(reply), State, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"the state of a NeverBounce job cannot be read: {error}", status=reply.status) from error
    if state.job_status in {FAILED, UNDER_REVIEW}:
        words = scrub(state.failure_reason or state.job_status)
        kind = QuotaUsedUp if "credit" in words.lower() else RequestRefused
        raise kind(f"NeverBounce does not go through with the list: {words}", status=reply.status)
    return state


def results_call(job_id: int, page: int = 1) -> Call:
    """The call for a page (from 1) of the verdicts. Free."""
    params = (("job_id", str(job_id)), ("page", str(page)), ("items_per_page", str(MOST_PER_PAGE)))
    return Call(api=API.name, path=f"{PATH}results", params=params, purpose="fetch verdicts")


def read_results(reply: Reply, drift: Drift | None = None) -> tuple[dict[int, bytes], int]:
    """The verdicts of a page, to be kept, by the id that each address was handed in with, and the number of pages.

    A verdict that cannot be read is among them: it was paid for, and fails its own address only.
    """
    check(reply)
    body = read_object(reply)
    results, pages = body.get("results"), body.get("total_pages")
    if not isinstance(results, list) or not isinstance(pages, int):
        raise Unreadable("NeverBounce's answer has no results and total_pages", status=reply.status)
    try:
        found = {int(one["data"]["id"]): (one["data"].get("email"), one["verification"]) for one in results}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("NeverBounce's results name no id of the list", status=reply.status) from error
    read_records([verdict for _, verdict in found.values()], Verification, SOURCE, drift)
    return {place: kept(address, verdict) for place, (address, verdict) in found.items()}, pages


def hand_in(addresses: Sequence[str]) -> Conversation[int]:
    """Hand a list in: it is paid for then, and `fetch` is free. Returns the id of the job."""
    return read_created((yield create_call(addresses)))


def fetch(job_id: int, number: int, drift: Drift | None = None, *, waits: bool = True) -> Conversation[Judged]:
    """Wait for a job of so many addresses, and fetch the verdicts page by page; without `waits` look once.

    Raises `Unavailable` when it is not done within six minutes, or at the one look.
    """
    for look in range(MOST_LOOKS if waits else 1):
        delay = min(FIRST_WAIT_SECONDS * 2**look, LONGEST_WAIT_SECONDS) if waits else 0.0
        state = read_state((yield status_call(job_id, delay=delay)))
        if state.job_status == COMPLETE:
            break
    else:
        raise Unavailable("NeverBounce has not gone through the list within six minutes: ask again later")
    verdicts, pages = read_results((yield results_call(job_id)), drift)
    for page in range(2, pages + 1):
        verdicts |= read_results((yield results_call(job_id, page)), drift)[0]
    billable = state.total.billable if state.total else None
    return Judged(
        verdicts=[verdicts.get(place) for place in range(number)],
        credits=float(len(verdicts) if billable is None else billable),
    )
