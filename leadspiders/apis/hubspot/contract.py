"""HubSpot as a service: what it is called with, where it has moved to, and what its refusals mean."""

from typing import Any, Literal

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply, Usage
from leadspiders.apis.refusals import refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable

ObjectType = Literal["contacts", "companies"]

LOCKED_SECONDS = 2.0  # 423: another bulk write holds the records
WINDOW_SECONDS = 10.0


def path(area: str, version: str, rest: str) -> str:
    """A path of the CRM: `v3` and `v4` stand before the area, a date (`2026-03`) after it.

    Numeric versions go out of support in 2027, so the version is a setting.
    """
    return f"/crm/{version}/{area}/{rest}" if version.startswith("v") else f"/crm/{area}/{version}/{rest}"


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data (200, 201, 207)."""
    if reply.status < 400:
        return
    words, body = said(reply), refusal(reply)
    if reply.status == 401 or body.get("category") in {"MISSING_SCOPES", "INVALID_AUTHENTICATION"}:
        raise CredentialRefused(
            f"HubSpot refuses the token: {words}; check HUBSPOT_TOKEN and its scopes", status=reply.status
        )
    if reply.status == 429:
        if "DAILY" in str(body.get("policyName")).upper():
            raise QuotaUsedUp(f"HubSpot's daily limit is used up: {words}", status=429)
        wait = seconds_to_wait(reply)
        raise RateLimited(
            f"HubSpot is asked too fast: {words}", status=429, retry_after=WINDOW_SECONDS if wait is None else wait
        )
    if reply.status == 423:
        raise RateLimited(f"HubSpot has locked the records: {words}", status=423, retry_after=LOCKED_SECONDS)
    if reply.status == 477:
        raise Unavailable(f"HubSpot is moving the account: {words}", status=477)
    if reply.status < 500 and reply.status not in {402, 403, 407, 408, 425}:
        raise RequestRefused(f"HubSpot refuses the request ({reply.status}): {words}", status=reply.status)
    refuse_bad_status(reply)


def refusal(reply: Reply) -> dict[str, Any]:
    """The body of a refusal, if it is a JSON object."""
    try:
        body = reply.data()
    except Unreadable:
        return {}
    return body if isinstance(body, dict) else {}


def usage(reply: Reply) -> tuple[Usage, ...]:
    """The short and the daily window the headers tell of; searches send none."""
    window = _number(reply, "interval-milliseconds")
    short = Usage(seconds=(window or 10_000) // 1000, limit=_number(reply, "max"), left=_number(reply, "remaining"))
    day = Usage(seconds=86_400, limit=_number(reply, "daily"), left=_number(reply, "daily-remaining"))
    return tuple(one for one in (short, day) if one.limit is not None or one.left is not None)


def _number(reply: Reply, name: str) -> int | None:
    text = reply.headers.get(f"x-hubspot-ratelimit-{name}", "").strip()
    return int(text) if text.isdecimal() else None


# The smallest plan's limits; the headers tell of larger ones.
API = Api(
    name="hubspot",
    base_url="https://api.hubapi.com",
    auth=Auth.BEARER,
    auth_field="Authorization",
    key_name="HUBSPOT_TOKEN",
    key_required=True,
    limits=(
        Limit(group="default", calls=100, seconds=10),
        Limit(group="default", calls=250_000, seconds=86_400),
    ),
    check=check,
    usage=usage,
    largest_body=16 * 2**20,  # the properties of a portal, thousands at a kilobyte each, are the most
    probe=Call(api="hubspot", path=path("properties", "v3", "contacts"), purpose="token check"),
)
