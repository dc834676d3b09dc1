"""Clearbit's legacy API as a service: it takes no new customers, and some old keys may still answer."""

from datetime import UTC, datetime

from leadspiders.apis.http import Api, Auth, Limit, Reply, Usage
from leadspiders.apis.refusals import refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused

WINDOW_SECONDS = 60
FIRST_MOMENT = 1_000_000_000
"""`X-RateLimit-Reset` is a moment since 1970 from here on, and seconds below."""


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data (200), or on its way (202)."""
    if reply.status < 400:
        return
    words = said(reply)
    if reply.status in {401, 403}:
        raise CredentialRefused(f"Clearbit refuses the key: {words}; check CLEARBIT_API_KEY", status=reply.status)
    if reply.status == 402:
        raise QuotaUsedUp(f"Clearbit's requests of the period are used up: {words}", status=402)
    if reply.status == 429:
        wait = seconds_to_wait(reply)
        raise RateLimited(
            f"Clearbit is asked too fast: {words}", status=429, retry_after=_reset(reply) if wait is None else wait
        )
    if reply.status in {400, 404, 422}:
        raise RequestRefused(f"Clearbit refuses the request ({reply.status}): {words}", status=reply.status)
    refuse_bad_status(reply)


def usage(reply: Reply) -> tuple[Usage, ...]:
    """The window of a minute that the headers tell of."""
    limit, left = _number(reply, "limit"), _number(reply, "remaining")
    told = limit is not None or left is not None
    return (Usage(seconds=WINDOW_SECONDS, limit=limit, left=left),) if told else ()


def _reset(reply: Reply) -> float | None:
    number = _number(reply, "reset")
    if number is None or number < FIRST_MOMENT:
        return number
    return max(0.0, (datetime.fromtimestamp(number, UTC) - reply.received_at).total_seconds())


def _number(reply: Reply, name: str) -> int | None:
    text = reply.headers.get(f"x-ratelimit-{name}", "").strip()
    return int(text) if text.isdecimal() and len(text) < 12 else None


# The old documentation's limit. Its hosts `company.` and `person.` have no path in common: one base URL serves both.
API = Api(
    name="clearbit",
    base_url="https://company.clearbit.com",
    auth=Auth.BEARER,
    auth_field="Authorization",
    key_name="CLEARBIT_API_KEY",
    key_required=True,
    limits=(Limit(group="default", calls=600, seconds=60),),
    check=check,
    usage=usage,
    largest_body=4 * 2**20,
)
