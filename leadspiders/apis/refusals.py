"""What an HTTP status means where an API's own file knows no better: one place, so that every API is treated alike.

An API's own `check` looks at its particular bodies first and leaves the rest to `refuse_bad_status`.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from leadspiders.apis.http import Reply, host, retry_after
from leadspiders.errors import CredentialRefused, RateLimited, RequestRefused, Unavailable, Unreadable

# Some services echo the key or the record they refuse: neither may reach a message, which is logged.
SECRETS = re.compile(
    r"(?i)(?P<name>(?:api_key|registrationkey|token|key)\s*[=:]\s*)[^\s&,;\"']+"
    r"|SAM-[0-9a-f-]{8,}|pat-[a-z0-9]+-[0-9a-f-]{8,}|(?<![^\s\"'<>()@])[^\s\"'<>()@]++@[^\s\"'<>()]+"
)
TAGS = re.compile(r"(?is)<(script|style).*?</\1>|<[^>]+>")
SPOKEN = ("message", "reason", "detail", "details", "description", "error", "title", "error_message", "errorMessage")
LONGEST_MESSAGE = 300
LONGEST_PAGE = 5_000  # of a web page, the beginning tells what it is


def refuse_bad_status(reply: Reply) -> None:
    """Return for 2xx; else raise the error the status stands for, with what the body says.

    A redirect that comes here was not to be followed: the API has moved, or something stands before it.
    """
    status = reply.status
    if status < 300:
        return
    if status < 400:
        raise Unavailable(f"{host(reply.url)} answered {status}, a redirect that is not followed", status=status)
    message = f"{host(reply.url)} answered {status}: {said(reply) or 'no reason given'}"
    if status in {401, 402, 403, 407}:
        raise CredentialRefused(message, status=status)
    if status == 429:
        raise RateLimited(message, status=status, retry_after=seconds_to_wait(reply))
    if status in {408, 425} or status >= 500:
        raise Unavailable(message, status=status)
    raise RequestRefused(message, status=status)


def read_object(reply: Reply) -> dict[str, Any]:
    """The JSON object in a body; `Unreadable` for anything else."""
    found = reply.data()
    if not isinstance(found, dict):
        raise Unreadable(f"{host(reply.url)} answered JSON that is no object", status=reply.status)
    return found


def seconds_to_wait(reply: Reply) -> float | None:
    """Seconds that the reply's `Retry-After` header asks for, if it has one."""
    return retry_after(reply.headers.get("retry-after", ""), reply.received_at)


def next_utc_midnight(moment: datetime) -> datetime:
    """When a quota that is counted by UTC day comes back."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


def said(reply: Reply) -> str:
    """What the body says went wrong, in one line without keys, addresses and tags; of JSON only what it spells out."""
    try:
        words = " ".join(_spoken(reply.data()))
    except Unreadable:
        words = TAGS.sub(" ", reply.text[:LONGEST_PAGE])
    return scrub(words[:LONGEST_PAGE])[:LONGEST_MESSAGE]


def scrub(text: str) -> str:
    """Text in one line, without what looks like a credential or an e-mail address."""
    return SECRETS.sub(lambda found: (found["name"] or "") + "***", " ".join(text.split()))


def _spoken(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, list):
        return [line for part in data[:3] for line in _spoken(part)]
    if isinstance(data, dict):
        return [line for name in SPOKEN if name in data for line in _spoken(data[name])]
    return []
