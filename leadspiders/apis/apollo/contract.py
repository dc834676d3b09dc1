"""Apollo as a service: what it is called with, what its refusals mean, and what its headers say of the limits."""

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply, Usage
from leadspiders.apis.refusals import refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused

WINDOWS = (("minute", 60), ("hourly", 3_600), ("24-hour", 86_400))


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data."""
    if reply.status < 400:
        return
    words = said(reply)
    if reply.status == 401:
        raise CredentialRefused(f"Apollo refuses the key: {words}; set APOLLO_API_KEY to a valid one", status=401)
    if reply.status == 403:
        raise CredentialRefused(
            f"Apollo does not let this key use {reply.url}: {words}; it needs a master key and a plan with API access",
            status=403,
        )
    if reply.status in {402, 422} and "credit" in words.lower():
        raise QuotaUsedUp(f"Apollo's credits are used up: {words}", status=reply.status)
    if reply.status == 422:
        raise RequestRefused(f"Apollo refuses the request: {words}", status=422)
    if reply.status == 429:
        raise RateLimited(f"Apollo is asked too fast: {words}", status=429, retry_after=seconds_to_wait(reply))
    refuse_bad_status(reply)


def usage(reply: Reply) -> tuple[Usage, ...]:
    """The windows of the minute, hour and day that the headers tell of."""
    told = []
    for name, seconds in WINDOWS:
        limit = _number(reply.headers.get(f"x-rate-limit-{name}"))
        rest = _number(reply.headers.get(f"x-{name}-requests-left"))
        if limit is not None or rest is not None:
            told.append(Usage(seconds=seconds, limit=limit, left=rest))
    return tuple(told)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None


CREDITS_LEFT = Call(
    api="apollo", method="POST", path="/api/v1/usage_stats/credit_usage_stats", json={}, purpose="credits left"
)
"""Free, for a master key only: whoever may ask this may ask all."""

# Paid plans: search 200 a minute, 6,000 an hour, 50,000 a day; enrichment 1,000 a minute. Bulk endpoints have "a lower
# share" that is not documented: ten people a call make a tenth of the calls, and the headers correct it. All else has
# the limits of the basic plan.
API = Api(
    name="apollo",
    base_url="https://api.apollo.io",
    auth=Auth.HEADER,
    auth_field="x-api-key",
    key_name="APOLLO_API_KEY",
    key_required=True,
    limits=(
        Limit(group="search", calls=200, seconds=60, aligned=True),
        Limit(group="search", calls=6_000, seconds=3_600),
        Limit(group="search", calls=50_000, seconds=86_400),
        Limit(group="bulk", calls=100, seconds=60, aligned=True),
        Limit(group="default", calls=200, seconds=60, aligned=True),
        Limit(group="default", calls=400, seconds=3_600),
        Limit(group="default", calls=2_000, seconds=86_400),
    ),
    check=check,
    usage=usage,
    largest_body=8 * 2**20,  # ten people with all their jobs, or a hundred companies, are some 300 kB
    probe=CREDITS_LEFT,
)
