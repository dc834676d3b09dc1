"""What the frontier and the stages ask of Scrapy's engine behind its public face; nothing else of ours looks there.

The engine forgets a request when its response has been through the spider and all its items through their stages, and
sends no signal of it. And it looks for new requests when it has finished one or every five seconds: a queue that is
filled from outside has to wake it.
"""

import asyncio
from collections.abc import Container
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

LOOK_SECONDS: Final = 0.02
"""How often a crawl that is being opened is looked at: Scrapy sends its signals before it is in motion."""


class EngineView:
    """The engine of one crawl; it need not exist yet."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def in_progress(self) -> Container[Request]:
        """The requests that the engine works on, from `next_request` to the last item of the response."""
        assert self._crawler.engine
        slot = self._crawler.engine._slot
        return slot.inprogress if slot else ()

    def wake(self) -> None:
        """Let the engine look for requests, or see that there are none left."""
        engine = self._crawler.engine
        if engine and engine.running and engine._slot and engine._slot.closing is None:
            engine._slot.nextcall.schedule()

    def stopping(self) -> bool:
        """Whether somebody is ending the crawl from outside, as by Ctrl-C: nothing should be begun that costs money.

        A crawl that closes by itself, such as one that has its `sample`, still finishes what it has.
        """
        engine = self._crawler.engine
        return bool(engine and not engine.running)

    def close(self, reason: str) -> None:
        """End the crawl, after what is under way; one that is still being opened is ended once it is open.

        Closing in the middle of the opening would take the database from stages that are about to look something up.
        """
        deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        engine = self._crawler.engine
        assert engine
        while not engine.running:
            if not self._crawler.crawling or (engine._slot and engine._slot.closing is not None):
                return  # somebody else has ended it meanwhile
            await asyncio.sleep(LOOK_SECONDS)
        await engine.close_spider_async(reason=reason)
