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
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future

from leadspiders.apis.http import Call, Conversation, Reply, host
from leadspiders.errors import Unreachable

T = TypeVar("T")


def request(call: Call, base_url: str, **scheduling: Any) -> Request:
    """The request of a call; `scheduling` goes to `scrapy.Request` (callback, priority, ...)."""
    meta = {"api": call.api, "download_slot": f"{call.api}:{call.group}", "purpose": call.purpose}
    return Request(
        call.url(base_url),
        method=call.method,
        headers=call.all_headers(),
        body=call.body(),
        meta=meta | scheduling.pop("meta", {}),
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

    def __init__(self, download: Callable[[Request], Awaitable[Response]], base_urls: dict[str, str]) -> None:
        self._download = download
        self._base_urls = base_urls

    @classmethod
    def of(cls, crawler: Crawler) -> "Door":
        """The door of a crawl; its engine need not exist yet.

        It goes to the engine's downloader, not through `engine.download_async`: once the stages are being closed, that
        one raises `AlreadyCalledError` in place of the response, and the last deliveries of a crawl are made then.
        """

        async def download(wanted: Request) -> Response:
            assert crawler.engine
            while True:
                result = await maybe_deferred_to_future(crawler.engine.downloader.fetch(wanted))
                if isinstance(result, Response):
                    return result
                wanted = result  # a retry or a redirect

        return cls(download, crawler.settings.getdict("LEADS_URLS"))

    async def send(self, call: Call) -> Reply:
        """Carry one call. One that costs credits is marked, so that nothing on the way makes it twice.

        Raises `Unreachable` when nothing was sent, and what Scrapy raises when nobody knows.
        """
        if call.delay:
            await asyncio.sleep(call.delay)
        base_url = self._base_urls[call.api]
        meta = {"paid": call.credits > 0, "dont_redirect": True}
        try:
            return reply(await self._download(request(call, base_url, dont_filter=True, meta=meta)))
        except (CannotResolveHostError, DownloadConnectionRefusedError) as error:
            raise Unreachable(f"{host(base_url)} cannot be reached ({error})") from error

    async def fetch(self, wanted: Request) -> Response:
        """Carry a request to any address, such as a file that an API pointed to: it is not signed for that API."""
        return await self._download(wanted)

    async def hold(self, conversation: Conversation[T]) -> T:
        """Carry a conversation to its end."""
        try:
            call = next(conversation)
            while True:
                call = conversation.send(await self.send(call))
        except StopIteration as end:
            result: T = end.value
            return result
