"""Carries calls over a `requests` session, as the engine of Scrapy does in production.

The code in `apis` cannot tell the two apart; a reply can also be handed to a spider as the response of its own request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import requests
from requests.auth import AuthBase
from scrapy import Request
from scrapy.http import TextResponse

from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.registry import APIS
from leadspiders.apis.signing import sign

T = TypeVar("T")

NOW = datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
"""The moment of every recording and replay."""

TIMEOUT_SECONDS = 60


def no_pause(_: float) -> None:
    """A replay waits for nothing."""


@dataclass(frozen=True, slots=True)
class Credential(AuthBase):
    """Puts the key where the API takes it, when all else of the request is ready."""

    api: str
    key: str

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        """The same request, with the key."""
        if not self.key:
            return r
        assert r.body is None or isinstance(r.body, bytes)
        copy = sign(APIS[self.api], self.key, url=str(r.url), body=r.body or b"")
        r.url = copy.url
        r.headers.update(copy.headers)
        if copy.body != (r.body or b""):
            r.prepare_body(copy.body, None)
        return r


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Carries the calls of one cassette with one key; `off_record` is there while a cassette is recorded."""

    session: requests.Session
    key: str
    off_record: requests.Session | None = None
    pause: Callable[[float], None] = no_pause

    def send(self, call: Call) -> Reply:
        """Carry one call, after the delay it asks for."""
        self.pause(call.delay)
        answer = self._send(self.session, call)
        return Reply(
            status=answer.status_code,
            url=str(answer.url),
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.content,
            received_at=NOW,
        )

    def hold(self, conversation: Conversation[T]) -> T:
        """Carry a conversation to its end."""
        try:
            call = next(conversation)
            while True:
                call = conversation.send(self.send(call))
        except StopIteration as end:
            result: T = end.value
            return result

    def wear_out(self, call: Call, times: int) -> None:
        """While recording, make a call so often that its limit is reached, off the record; in a replay, nothing."""
        if self.off_record:
            for _ in range(times):
                self._send(self.off_record, call)

    def fetch(self, request: Request) -> TextResponse:
        """The response to a spider's request."""
        headers = {str(name): str(value) for name, value in request.headers.to_unicode_dict().items()}
        answer = self._exchange(
            self.session, request.meta["api"], request.method, request.url, headers=headers, body=request.body
        )
        return TextResponse(
            str(answer.url),
            status=answer.status_code,
            headers=dict(answer.headers),
            body=answer.content,
            request=request,
        )

    def _send(self, session: requests.Session, call: Call) -> requests.Response:
        url = call.url(APIS[call.api].base_url)
        return self._exchange(session, call.api, call.method, url, headers=call.all_headers(), body=call.body())

    def _exchange(
        self, session: requests.Session, api: str, method: str, url: str, *, headers: Mapping[str, str], body: bytes
    ) -> requests.Response:
        return session.request(
            method,
            url,
            data=body or None,
            headers=headers,
            auth=Credential(api, self.key),
            allow_redirects=False,
            timeout=TIMEOUT_SECONDS,
        )
