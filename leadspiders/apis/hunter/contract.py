"""Hunter as a service: what it is called with, and what its refusals mean, some of them the opposite of the usual."""

from typing import Any

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply
from leadspiders.apis.refusals import refuse_bad_status, scrub, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unreadable
from leadspiders.items.contact import EmailStatus

CLAIMED = "claimed_email"
"""The id of the error about a person who has asked Hunter to stop processing the address."""

ACCOUNT = Call(api="hunter", path="/v2/account", purpose="quota left")

# What Hunter's word for an address is worth. `webmail` is an address at a free host, which says nothing of the
# employer; a disposable one is thrown away by whoever made it.
VERDICTS: dict[str, EmailStatus] = {
    "valid": "valid",
    "accept_all": "risky",
    "webmail": "risky",
    "disposable": "invalid",
    "invalid": "invalid",
    "unknown": "unknown",
}
# Hunter names no wait for a window that is full. They are of a second and of a minute.
PAUSE_SECONDS = 2.0


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data, or a verification that is not done (202, 222)."""
    if reply.status < 400:
        return
    words = complaint(reply)
    if reply.status == 401:
        raise CredentialRefused(f"Hunter refuses the key: {words}; set HUNTER_API_KEY to a valid one", status=401)
    if reply.status == 403:
        wait = seconds_to_wait(reply)
        raise RateLimited(
            f"Hunter is asked too fast: {words}", status=403, retry_after=PAUSE_SECONDS if wait is None else wait
        )
    if reply.status == 429:
        raise QuotaUsedUp(f"the quota of the Hunter plan is used up: {words}", status=429)
    if reply.status in {400, 404, 422, 451}:
        raise RequestRefused(f"Hunter refuses the request: {words}", status=reply.status)
    refuse_bad_status(reply)


def complaint(reply: Reply) -> str:
    """What the errors in a body say, in one line without keys and addresses."""
    return scrub(" ".join(str(error.get("details") or error.get("id")) for error in errors(reply))) or "no reason given"


def errors(reply: Reply) -> list[dict[str, Any]]:
    """The errors in a body; none where it is another one."""
    try:
        body = reply.data()
    except Unreadable:
        return []
    found = body.get("errors") if isinstance(body, dict) else None
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def verdict(word: str | None) -> EmailStatus:
    """What a status is worth; a word that is not documented is worth nothing."""
    return VERDICTS.get((word or "").strip().lower(), "unknown")


# Each endpoint has its own windows; count and account share the limits of the first, of which they use next to nothing.
API = Api(
    name="hunter",
    base_url="https://api.hunter.io",
    auth=Auth.HEADER,
    auth_field="X-API-KEY",
    key_name="HUNTER_API_KEY",
    key_required=True,
    limits=(
        Limit(group="domain", calls=15, seconds=1),
        Limit(group="domain", calls=500, seconds=60),
        Limit(group="finder", calls=15, seconds=1),
        Limit(group="finder", calls=500, seconds=60),
        Limit(group="verifier", calls=10, seconds=1),
        Limit(group="verifier", calls=300, seconds=60),
        Limit(group="default", calls=15, seconds=1),
    ),
    check=check,
    largest_body=2 * 2**20,  # a hundred addresses, each with the pages it was seen on
    probe=ACCOUNT,
)
