"""SAM.gov's extract of all entities that match a question, built on demand: up to 1,000,000 of them.

It is asked for, answered with a token in a sentence, and polled until it is there; each poll costs a request
of the daily quota, so polls are few and far between.
"""

import re
from typing import Literal

from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.refusals import said
from leadspiders.apis.sam_gov.contract import API, check
from leadspiders.apis.sam_gov.pages import ANY_TYPE, PATH, SECTIONS, filter_params
from leadspiders.errors import RequestRefused, Unavailable, Unreadable

DOWNLOAD_PATH = "/entity-information/v3/download-entities"
# The time an extract needs is not documented: first look after 3 minutes, give up after an hour.
POLL_SECONDS = 180.0
MOST_POLLS = 20
SLOWER = 1.5  # each poll waits so much longer than the one before, up to
LONGEST_POLL_SECONDS = 1800.0
TOO_MANY = "exceeded the maximum allowable limit"
TOKEN = re.compile(r"token=([A-Za-z0-9]+)")

Form = Literal["csv", "json"]
State = Literal["ready", "waiting", "expired"]


def start_call(form: Form = "csv", **filters: str | list[str]) -> Call:
    """The call that orders an extract of up to 1,000,000 entities; filters as in `entities_call`."""
    params = (*filter_params(filters), ("includeSections", SECTIONS), ("format", form))
    return Call(api=API.name, path=PATH, params=params, headers=ANY_TYPE, purpose="order extract")


def read_token(reply: Reply) -> str:
    """The token of an extract that was ordered; raises `Unreadable` when the sentence holds none."""
    check(reply)
    found = TOKEN.search(reply.text)
    if found is None:
        raise Unreadable("SAM.gov's answer to the order of an extract holds no token", status=reply.status)
    return found[1]


def download_call(token: str, delay: float = 0.0) -> Call:
    """The call that fetches an extract, or learns that it is not ready yet."""
    params = (("token", token),)
    return Call(api=API.name, path=DOWNLOAD_PATH, params=params, headers=ANY_TYPE, delay=delay, purpose="fetch extract")


def download_state(reply: Reply) -> State:
    """Whether the extract is there; raises what `check` raises for any refusal that is not about waiting."""
    words = said(reply) if reply.status == 400 else ""
    if "not generated yet" in words:
        return "waiting"
    if "token is expired" in words:
        return "expired"
    check(reply)
    return "ready"


def poll_delay(polls: int, first: float = POLL_SECONDS) -> float:
    """Seconds to wait before the next poll after so many: each costs a request of the day, so they get rarer."""
    return min(first * SLOWER**polls, max(first, LONGEST_POLL_SECONDS))


def too_many(error: Exception) -> bool:
    """Whether the question has more answers than the 1,000,000 of an extract; the status alone does not say it."""
    return isinstance(error, RequestRefused) and TOO_MANY in str(error)


def extract(
    form: Form = "csv", *, poll_seconds: float = POLL_SECONDS, **filters: str | list[str]
) -> Conversation[Reply]:
    """Order an extract, wait for it and return the reply that holds it; an expired token is ordered anew.

    Raises `Unavailable` when it is not there after an hour of polls.
    """
    token = read_token((yield start_call(form, **filters)))
    for _ in range(MOST_POLLS):
        reply = yield download_call(token, delay=poll_seconds)
        state = download_state(reply)
        if state == "ready":
            return reply
        if state == "expired":
            token = read_token((yield start_call(form, **filters)))
    raise Unavailable(
        f"SAM.gov has not built the extract after {MOST_POLLS * poll_seconds / 60:.0f} minutes: try later"
    )
