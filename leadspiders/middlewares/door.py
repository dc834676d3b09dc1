"""The one door to the network: turns a call into a request through Scrapy's engine, and the response into a reply.

Spiders schedule what `request` makes; stages and destinations await `Door.send`. Either way the request passes the
downloader middlewares, and the credential is put in at the last hop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future

from leadspiders.apis.http import Call, Conversation, Reply, host
from leadspiders.apis.registry import APIS
from leadspiders.errors import Unreachable
from leadspiders.guard.pacing import Pacer
from leadspiders.guard.spend_gate import Sending
from leadspiders.middlewares.nothing_sent import nothing_sent
from leadspiders.middlewares.promise import SENDING, begin

T = TypeVar("T")


def request(call: Call, base_url: str, **scheduling: Any) -> Request:
    """The request of a call; `scheduling` goes to `scrapy.Request` (callback, priority, ...)."""
    meta: dict[str, Any] = {"api": call.api, "download_slot": f"{call.api}:{call.group}", "purpose": call.purpose}
    api = APIS[call.api]
    if api.largest_body:
        meta["download_maxsize"] = api.largest_body
    meta |= scheduling.pop("meta", {})
    if api.key_name or call.credits or call.delay or "to_disk" in meta:
        meta["dont_cache"] = True  # of what is signed, paid or polled, the last answer is not the next one
    return Request(
        call.url(base_url),
        method=call.method,
        headers=call.all_headers(),
        body=call.body(),
        meta=meta,
        **scheduling,
    )


def reply(response: Response) -> Reply:
    """A Scrapy response as the readers in `apis` take it."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Reply(
        status=response.status, url=response.url, headers=headers, body=response.body, received_at=datetime.now(UTC)
    )


class Door:
    """Carries calls for the stages of one crawl."""

    def __init__(
        self,
        download: Callable[[Request], Awaitable[Response | Request]],
        base_urls: dict[str, str],
        pacer: Callable[[], Pacer | None] = lambda: None,
    ) -> None:
        self._download = download
        self._base_urls = base_urls
        self._pacer = pacer

    @classmethod
    def of(cls, crawler: Crawler, pacer: Callable[[], Pacer]) -> "Door":
        """The door of a crawl; its engine need not exist yet.

        It goes to the engine's downloader, not through `engine.download_async`: once the stages are being closed, that
        one raises `AlreadyCalledError` in place of the response, and the last deliveries of a crawl are made then.
        """

        async def download(wanted: Request) -> Response | Request:
            assert crawler.engine
            return await maybe_deferred_to_future(crawler.engine.downloader.fetch(wanted))

        return cls(download, crawler.settings.getdict("LEADS_URLS"), pacer)

    async def send(self, call: Call, sending: Sending | None = None) -> Reply:
        """Carry one call, once the pace allows it. One that costs credits is marked, so that nothing makes it twice;
        `sending` is awaited just before it leaves.

        Raises `Unreachable` when nothing was sent, what the pacer raises when it may not be sent for long, and what
        Scrapy raises when nobody knows.
        """
        if call.delay:
            await asyncio.sleep(call.delay)
        base_url = self._base_urls[call.api]
        meta: dict[str, Any] = {"paid": call.credits > 0, "dont_redirect": True, "dont_cache": True}
        meta["subjects"] = call.subjects
        if sending and call.credits > 0:
            meta[SENDING] = sending
        wanted: Response | Request = request(call, base_url, dont_filter=True, meta=meta)
        try:
            while isinstance(wanted, Request):  # or a retry of it
                wanted = await self._paced(wanted, call)
            return reply(wanted)
        except Exception as error:
            if not nothing_sent(error):
                raise
            raise Unreachable(f"{host(base_url)} cannot be reached ({error})") from error

    async def fetch(self, wanted: Request) -> Response:
        """Carry a request to any address, such as a file that an API pointed to: it is not signed for that API."""
        got: Response | Request = wanted.replace(meta=wanted.meta | {"dont_cache": True})
        while isinstance(got, Request):  # or a redirect
            got = await self._download(got)
        return got

    async def _paced(self, wanted: Request, call: Call) -> Response | Request:
        pacer = self._pacer()
        if pacer is None:
            return await self._download(wanted)
        async with pacer.turn(call.api, call.group, paid=call.credits > 0) as start:
            begin(wanted, start)
            return await self._download(wanted)

    async def hold(self, conversation: Conversation[T], sending: Sending | None = None) -> T:
        """Carry a conversation to its end; what fails is told to it, for it knows what was paid for before."""
        try:
            call = next(conversation)
            while True:
                try:
                    got = await self.send(call, sending)
                except Exception as error:  # noqa: BLE001  it goes on from there, or raises it
                    call = conversation.throw(error)
                else:
                    call = conversation.send(got)
        except StopIteration as end:
            result: T = end.value
            return result
