"""Asks an API whether it takes a credential, by a call that costs nothing. Not through a crawl: there is none yet."""

import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPException
from typing import IO

from leadspiders.apis.http import Api, Call, Reply, host
from leadspiders.apis.signing import sign
from leadspiders.errors import ApiError, CredentialRefused
from leadspiders.guard.redact import Redactor

TIMEOUT_SECONDS = 15
LARGEST_BODY = 1024 * 1024
WORKS, NOT_ASKED = "works", "not asked: this API has no call that is free"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The address a redirect names is not the API's: the key stays here."""

    def redirect_request(  # noqa: PLR0917  the library's own signature
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """None is followed."""


def check(api: Api, secret: str, base_url: str, *, user_agent: str) -> str:
    """One line on what the API says of the credential: `works`, `refused: ...`, `no answer: ...`, or not asked."""
    if api.probe is None or api.check is None:
        return NOT_ASKED
    redactor = Redactor([secret])
    try:
        reply = _ask(api, api.probe, secret, base_url, user_agent)
        api.check(reply)
    except CredentialRefused as error:
        return redactor.text(f"refused: {error}")
    except ApiError as error:
        return redactor.text(f"no verdict: {error}")
    except (OSError, HTTPException) as error:
        return f"no answer: {host(base_url)} cannot be reached ({type(error).__name__})"
    except ValueError as error:  # its text would hold what could not be sent: the key
        return f"no answer: the key or the address is malformed ({type(error).__name__})"
    return WORKS if 200 <= reply.status < 300 else f"no verdict: {host(base_url)} answered {reply.status}"


def _ask(api: Api, call: Call, secret: str, base_url: str, user_agent: str) -> Reply:
    url = call.url(base_url)
    signed = sign(api, secret, url=url, body=call.body())
    headers = call.all_headers() | {"User-Agent": user_agent} | signed.headers
    request = urllib.request.Request(  # noqa: S310  the base URL is the operator's own
        signed.url, data=signed.body or None, headers=headers, method=call.method
    )
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            status, sent, body = answer.status, answer.headers, answer.read(LARGEST_BODY)
    except urllib.error.HTTPError as answer:
        status, sent, body = answer.code, answer.headers, answer.read(LARGEST_BODY)
    heads = {name.lower(): value for name, value in sent.items()}
    return Reply(status=status, url=url, headers=heads, body=body, received_at=datetime.now(UTC))
