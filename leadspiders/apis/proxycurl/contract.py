"""Proxycurl's legacy API as a service: shut down in July 2025, so it is only asked at a compatible address."""

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply
from leadspiders.apis.refusals import read_object, refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused

UNKNOWN = 404


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data."""
    if reply.status < 400:
        return
    words = said(reply)
    if reply.status == 401:
        raise CredentialRefused(f"Proxycurl refuses the key: {words}; check PROXYCURL_API_KEY", status=401)
    if reply.status in {402, 403}:
        raise QuotaUsedUp(f"Proxycurl's credits are used up: {words}", status=reply.status)
    if reply.status == 429:
        raise RateLimited(f"Proxycurl is asked too fast: {words}", status=429, retry_after=seconds_to_wait(reply))
    if reply.status in {400, UNKNOWN, 422}:
        raise RequestRefused(f"Proxycurl refuses the request ({reply.status}): {words}", status=reply.status)
    refuse_bad_status(reply)


def look_up_call(path: str, params: tuple[tuple[str, str], ...], purpose: str) -> Call:
    """A call that costs a credit if it finds something."""
    return Call(api=API.name, path=path, params=params, credits=1.0, purpose=purpose)


def read_look_up(reply: Reply) -> bytes | None:
    """The body of what was found, None: unknown, for nothing."""
    if reply.status == UNKNOWN:
        return None
    check(reply)
    read_object(reply)
    return reply.body


# 300 a minute, counted over five: a burst of 1,500 passes.
API = Api(
    name="proxycurl",
    base_url="https://nubela.co",
    auth=Auth.BEARER,
    auth_field="Authorization",
    key_name="PROXYCURL_API_KEY",
    key_required=True,
    limits=(Limit(group="default", calls=1_500, seconds=300),),
    check=check,
    largest_body=4 * 2**20,
)
