"""NeverBounce as a service: every answer is HTTP 200, and the `status` in the body says what it is."""

from typing import Any

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply
from leadspiders.apis.refusals import refuse_bad_status, scrub
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable
from leadspiders.items.contact import EmailStatus

SUCCESS = "success"
PAUSE_SECONDS = 30.0
"""After "too fast": NeverBounce names no wait."""
ACCOUNT = Call(api="neverbounce", path="/v4.2/account/info", purpose="credits left")

# What a result is worth; some places write its number. A disposable address is thrown away by whoever made it.
VERDICTS: dict[str, EmailStatus] = {
    "valid": "valid",
    "invalid": "invalid",
    "disposable": "invalid",
    "catchall": "risky",
    "unknown": "unknown",
}
NUMBERS = tuple(VERDICTS)


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data."""
    refuse_bad_status(reply)
    body = _object(reply)
    status = body.get("status", SUCCESS)
    if status == SUCCESS:
        return
    words = scrub(str(body.get("message") or "no reason given"))
    if status == "auth_failure":
        raise CredentialRefused(f"NeverBounce refuses the key: {words}; set NEVERBOUNCE_API_KEY to a valid one")
    if status == "bad_referrer":
        raise CredentialRefused(f"NeverBounce does not let this key be used from here: {words}")
    if status == "throttle_triggered":
        raise RateLimited(f"NeverBounce is asked too fast: {words}", status=200, retry_after=PAUSE_SECONDS)
    if status == "temp_unavail":
        raise Unavailable(f"NeverBounce is not available at the moment: {words}", status=200)
    if "credit" in words.lower():
        raise QuotaUsedUp(f"NeverBounce's credits do not reach for the request: {words}", status=200)
    raise RequestRefused(f"NeverBounce refuses the request ({scrub(str(status))}): {words}", status=200)


def verdict(result: str | int | None) -> EmailStatus:
    """What a result is worth; a word that is not documented is worth nothing."""
    word = str(result if result is not None else "").strip().lower()
    if word.isdecimal() and int(word) < len(NUMBERS):
        word = NUMBERS[int(word)]
    return VERDICTS.get(word, "unknown")


def _object(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.data()
    except Unreadable:
        return {}  # the reader says it
    return body if isinstance(body, dict) else {}


# 50 job runs a day, 10 of them at a time: one every two seconds keeps to that as long as a job of some hundred
# addresses takes less than twenty. No pace is named for the rest: ten a second is what a point of entry would need.
API = Api(
    name="neverbounce",
    base_url="https://api.neverbounce.com",
    auth=Auth.JSON_FIELD,
    auth_field="key",
    key_name="NEVERBOUNCE_API_KEY",
    key_required=True,
    limits=(
        Limit(group="single", calls=10, seconds=1),
        Limit(group="jobs", calls=1, seconds=2),
        Limit(group="jobs", calls=50, seconds=86_400),
        Limit(group="default", calls=10, seconds=1),
    ),
    check=check,
    largest_body=4 * 2**20,  # a page of 1,000 results, each with its address taken apart
    probe=ACCOUNT,
)
