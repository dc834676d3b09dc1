"""SAM.gov as a service: what it is called with, and what its refusals mean.

The status says little here: a key error is 401, 403 or a sentence in HTML, a used-up quota is 429 in two shapes, and a
400 may be anything from a wrong filter to "not ready yet". So the words decide.
"""

import re
from datetime import UTC, datetime
from typing import Any, NoReturn

from leadspiders.apis.http import Api, Auth, Limit, Reply
from leadspiders.apis.refusals import refuse_bad_status, said, seconds_to_wait
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RequestRefused, Unreadable

# The sentences of the documentation and the codes of the gateway; a filter's refusal may name the key's parameter too.
KEY_ERROR = re.compile(r"(?i)api[_ ]?key was supplied|api_key_(missing|invalid|disabled|unauthorized|unverified)")


def check(reply: Reply) -> None:
    """Raise what a reply stands for; return when it is data or a redirect to it."""
    if reply.status < 400:
        return
    words = said(reply)
    if reply.status == 429:
        refuse_quota(reply, words)
    if reply.status in {401, 403} or (reply.status < 500 and KEY_ERROR.search(reply.text)):
        raise CredentialRefused(
            f"SAM.gov refuses the key ({reply.status}): {words or 'no reason given'}. Keys expire after 90 days: renew "
            "it on the SAM.gov account page and set SAM_GOV_API_KEY",
            status=reply.status,
        )
    if reply.status < 500:
        raise RequestRefused(
            f"SAM.gov refuses the request ({reply.status}): {words or 'no reason given'}", status=reply.status
        )
    refuse_bad_status(reply)


def refuse_quota(reply: Reply, words: str) -> NoReturn:
    """Raise `QuotaUsedUp` until the moment the body or the header names; some bodies name none."""
    again = _next_access(reply)
    wait = seconds_to_wait(reply)
    if again is None and wait is not None:
        again = datetime.fromtimestamp(reply.received_at.timestamp() + wait, UTC)
    when = f" until {again:%Y-%m-%d %H:%M} UTC" if again else ", it comes back at 00:00 UTC at the latest"
    raise QuotaUsedUp(f"SAM.gov's quota is used up{when}: {words}", status=429, retry_at=again)


def _next_access(reply: Reply) -> datetime | None:
    try:
        body: Any = reply.data()
        text = body["nextAccessTime"]
        # As in `2026-Nov-22 00:00:00+0000 UTC`.
        return datetime.strptime(text.removesuffix(" UTC"), "%Y-%b-%d %H:%M:%S%z").astimezone(UTC)
    except (Unreadable, KeyError, TypeError, AttributeError, ValueError):
        return None


REQUESTS_PER_DAY = {"no_role": 10, "role": 1_000, "federal_system": 10_000}
"""By kind of account: a personal one without and with a role, and a federal system's."""

# 1,000 a day with a role, 10 without one; a used-up quota comes back at 00:00 UTC. No rate headers are sent. The key
# goes into a header, so that it is in no URL, log or cache.
API = Api(
    name="sam_gov",
    base_url="https://api.sam.gov",
    auth=Auth.HEADER,
    auth_field="X-Api-Key",
    key_name="SAM_GOV_API_KEY",
    key_required=True,
    limits=(Limit(group="default", calls=1_000, seconds=86_400),),
    check=check,
    largest_body=16 * 2**20,  # a page of ten, some 50 kB each at most; files go to disk
)
