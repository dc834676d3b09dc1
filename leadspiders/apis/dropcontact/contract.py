"""Dropcontact as a service: what it is called with, and what its refusals mean. Some of them come as a 200."""

from leadspiders.apis.http import Api, Auth, Call, Limit, Reply
from leadspiders.apis.refusals import refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unreadable

WINDOW_SECONDS = 1.0
CREDITS = Call(api="dropcontact", path="/v1/account/credits", purpose="credits left")
"""The call for the balance: free."""


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data, or says that there is none yet."""
    if reply.status < 400:
        _look_inside(reply)
        return
    words = said(reply)
    if reply.status == 401:
        raise CredentialRefused(f"Dropcontact refuses the key: {words}; check DROPCONTACT_API_KEY", status=401)
    if reply.status in {402, 403}:
        raise QuotaUsedUp(f"Dropcontact's credits do not reach for the request: {words}", status=reply.status)
    if reply.status == 429:
        wait = seconds_to_wait(reply)
        raise RateLimited(
            f"Dropcontact is asked too fast: {words}", status=429, retry_after=WINDOW_SECONDS if wait is None else wait
        )
    if reply.status in {400, 404, 422}:
        raise RequestRefused(f"Dropcontact refuses the request: {words}", status=reply.status)
    refuse_bad_status(reply)


def _look_inside(reply: Reply) -> None:
    try:
        body = reply.data()
    except Unreadable:
        return  # the reader says it
    if isinstance(body, dict) and body.get("error") is True:
        raise RequestRefused(f"Dropcontact refuses the request: {said(reply)}", status=reply.status)


API = Api(
    name="dropcontact",
    base_url="https://api.dropcontact.com",
    auth=Auth.HEADER,
    auth_field="X-Access-Token",
    key_name="DROPCONTACT_API_KEY",
    key_required=True,
    limits=(Limit(group="default", calls=60, seconds=1),),
    check=check,
    largest_body=8 * 2**20,  # 250 records that may have grown to twice the 15 kB they had
    probe=CREDITS,
)
