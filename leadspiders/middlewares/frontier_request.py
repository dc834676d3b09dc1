"""How a request looks in the frontier: JSON of a fixed shape, so that what lies there is data and never code.

Stock scrapy-redis unpickles what it finds in Redis, which runs whatever somebody put there.
"""

import inspect
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

import msgspec
from scrapy import Request, Spider
from scrapy.utils.request import fingerprint

from leadspiders.apis.http import Auth
from leadspiders.apis.registry import APIS
from leadspiders.stores.redis.frontier import Message, message_id

LEASED: Final = "frontier_id"
"""The key in `request.meta` that says which lease a request belongs to. It is not stored."""
SECRET_HEADERS: Final = frozenset({b"authorization", b"cookie"}) | {
    api.auth_field.lower().encode() for api in APIS.values() if api.auth is Auth.HEADER
}
SET_ANEW: Final = frozenset({b"proxy-authorization"})
"""Headers of a request that comes back for another try: the proxy middleware gives it the password again."""


class Stored(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A request as JSON; the body is base64 there."""

    url: str
    method: str = "GET"
    headers: dict[str, list[str]] = {}
    body: bytes = b""
    meta: dict[str, Any] = {}
    callback: str | None = None
    cb_kwargs: dict[str, Any] = {}
    errback: str | None = None
    priority: int = 0
    dont_filter: bool = False
    flags: list[str] = []
    encoding: str = "utf-8"


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Stored)


def to_message(request: Request, spider: Spider) -> Message:
    """The request as the frontier keeps it; `ValueError` for one with a credential, or a callback of somebody else."""
    secret = [name.decode("latin-1") for name in request.headers if name.lower() in SECRET_HEADERS]
    if secret or request.cookies:
        found = secret[0] if secret else "cookies"
        raise ValueError(f"a request to {request.url} carries {found}: credentials enter at the last hop")
    stored = Stored(
        url=request.url,
        method=request.method,
        headers={
            name.decode("latin-1"): [value.decode("latin-1") for value in values]
            for name, values in request.headers.items()
            if name.lower() not in SET_ANEW
        },
        body=request.body,
        meta={key: value for key, value in request.meta.items() if key != LEASED},
        callback=_name(request.callback, spider),
        cb_kwargs=request.cb_kwargs,
        errback=_name(request.errback, spider),
        priority=request.priority,
        dont_filter=request.dont_filter,
        flags=request.flags,
        encoding=request.encoding,
    )
    return Message(
        id=uuid4().bytes if request.dont_filter else message_id(fingerprint(request)),
        payload=_encoder.encode(stored),
        priority=request.priority,
        filtered=not request.dont_filter,
    )


def to_request(payload: bytes, spider: Spider) -> Request:
    """The request back; `ValueError` with a reason for anything that `to_message` did not write for this spider."""
    stored = _decoder.decode(payload)
    return Request(
        stored.url,
        method=stored.method,
        headers={name: [value.encode("latin-1") for value in values] for name, values in stored.headers.items()},
        body=stored.body,
        meta=stored.meta,
        callback=_method(stored.callback, spider),
        cb_kwargs=stored.cb_kwargs,
        errback=_method(stored.errback, spider),
        priority=stored.priority,
        dont_filter=stored.dont_filter,
        flags=stored.flags,
        encoding=stored.encoding,
    )


def _name(callback: Callable[..., Any] | None, spider: Spider) -> str | None:
    if callback is None:
        return None
    name: str = getattr(callback, "__name__", "")
    if getattr(spider, name, None) != callback:
        raise ValueError(f"{callback!r} is no method of {spider.name}: another worker could not find it")
    return name


def _method(name: str | None, spider: Spider) -> Callable[..., Any] | None:
    """A public, asynchronous method of the spider: what all callbacks of ours are."""
    if name is None:
        return None
    method: Callable[..., Any] | None = None if name.startswith("_") else getattr(spider, name, None)
    if not inspect.isasyncgenfunction(method) and not inspect.iscoroutinefunction(method):
        raise ValueError(f"{spider.name} has no callback {name!r}")
    return method
