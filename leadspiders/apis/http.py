"""The two ends of a conversation with an API, and what its file declares: plain data, whoever carries it.

Three drivers carry the same calls: Scrapy's engine in production, a `requests` session in the cassette tests, a list
in unit tests.
"""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from leadspiders.errors import Unreadable

T = TypeVar("T")


class Auth(StrEnum):
    """Where a credential goes. It is put there by the last hop before the socket, never earlier.

    `BASIC` sends it as user name, without a password. `JSON_FIELD` turns to the query for a call without a body.
    `QUERY` is for who takes it nowhere else: nobody here sees that URL, but proxies on the way may log it.
    """

    NONE = "none"
    HEADER = "header"
    BEARER = "bearer"
    BASIC = "basic"
    JSON_FIELD = "json-field"
    QUERY = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `calls` in `seconds`; `group` names the endpoints that share it.

    `aligned`: windows begin at multiples of their length, as the minutes of the clock; else at any moment. Windows of
    an hour and more are always taken for aligned.
    """

    group: str
    calls: int
    seconds: int
    aligned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a reply says of one window of `seconds`: `limit` calls, `left` of them; None where it does not say."""

    seconds: int
    limit: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to be made: no credential in it. `path` starts with `/`; the driver puts the base URL before it.

    `group` names the rate limit it falls under, `credits` what the API charges at most, `purpose` a word for the audit,
    `delay` the seconds to wait before it is sent (a poll of something that is being built), `subjects` the people whom
    it names: the audit keeps their hashes.
    """

    api: str
    method: str = "GET"
    path: str
    params: tuple[tuple[str, str], ...] = ()
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    group: str = "default"
    credits: float = 0.0
    purpose: str = ""
    delay: float = 0.0
    subjects: tuple[str, ...] = field(default=(), repr=False)

    def url(self, base_url: str) -> str:
        """The whole URL below `base_url`, whose own path prefix is kept."""
        query = urlencode(self.params)
        return base_url.rstrip("/") + self.path + (f"?{query}" if query else "")

    def body(self) -> bytes:
        """The JSON body in UTF-8, or nothing."""
        return b"" if self.json is None else json.dumps(self.json, ensure_ascii=False, separators=(",", ":")).encode()

    def all_headers(self) -> dict[str, str]:
        """Headers as they go out, without the credential."""
        sent = {"Accept": "application/json"} | dict(self.headers)
        if self.json is not None:
            sent.setdefault("Content-Type", "application/json")
        return sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer: header names are lower-case; `url` is where it came from, without a credential."""

    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    received_at: datetime

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    def data(self) -> Any:
        """The decoded JSON body; raises `Unreadable` when it is none."""
        try:
            return msgspec.json.decode(self.body)
        except ValueError as error:
            raise Unreadable(
                f"{host(self.url)} did not answer JSON (HTTP {self.status})", status=self.status
            ) from error


def says_nothing(_: Reply) -> tuple[Usage, ...]:
    """The usage reader of an API without rate headers."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What the rest of the house needs to know of an API.

    `name` is the key of its environment names (`LEADS_<NAME>_URL`), `base_url` the real service, `auth_field` the
    header, JSON key or parameter that carries the credential, `key_name` the environment name of the credential,
    `key_required` whether it answers only with one, `limits_without_key` what holds until there is one (empty: the same
    limits). `largest_body` is the most bytes an answer may have, with room to spare (None: DOWNLOAD_MAXSIZE), `probe` a
    call that costs nothing and is refused to a wrong credential, for `scrapy keys check` (None: there is no such call).
    `check` raises the `ApiError` a reply stands for and returns when it is data; `usage` reads the rate headers.
    """

    name: str
    base_url: str
    auth: Auth = Auth.NONE
    auth_field: str = ""
    key_name: str = ""
    key_required: bool = False
    limits: tuple[Limit, ...] = ()
    limits_without_key: tuple[Limit, ...] = ()
    check: Callable[[Reply], None] | None = None
    usage: Callable[[Reply], tuple[Usage, ...]] = says_nothing
    largest_body: int | None = None
    probe: Call | None = None


Conversation = Generator[Call, Reply, T]
"""Several calls that belong together: yields each call, is sent its reply, returns the result."""


def one_call(call: Call) -> Conversation[Reply]:
    """A call as it is, carried by whoever carries the conversation."""
    return (yield call)


def carried(
    conversation: "Conversation[T]", each: Callable[[Call], "Conversation[Reply]"] = one_call
) -> "Conversation[T]":
    """The same conversation, each of whose calls is carried by `each`: it may send another call instead, look at what
    comes back, or at what kept it from coming. What is thrown in reaches the conversation, which may go on from there.
    """
    try:
        call = next(conversation)
        while True:
            try:
                reply = yield from each(call)
            except Exception as error:  # noqa: BLE001  whatever kept the call from its answer is told
                call = conversation.throw(error)
            else:
                call = conversation.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result


def converse(conversation: "Conversation[T]", replies: Sequence[Reply]) -> tuple[T, list[Call]]:
    """Run a conversation against a list of replies; returns its result and the calls it made. For unit tests."""
    made = [next(conversation)]
    for reply in replies:
        try:
            made.append(conversation.send(reply))
        except StopIteration as end:
            return end.value, made
    raise AssertionError(f"the conversation wants more replies than {len(replies)}: {made[-1].path}")


def host(url: str) -> str:
    """The host of a URL, for messages; all of it where it has none."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return "a malformed address"


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` header asks for, as seconds or as a date (RFC 9110, 10.2.3); None if neither."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    # A date without a zone is in UTC, the only zone HTTP dates have.
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())
