"""Holds a request back until its time, `meta["not_before"]` in seconds since 1970: a look for what is being built.

The time travels with the request, so that one that comes out of the queue after a restart is not early either.
"""

import asyncio
import time
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

STEP_SECONDS = 0.5


class Delayed:
    """Waits without blocking anything. When the crawl is closed meanwhile, the request goes back into the queue."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built with the downloader."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait, if the request says until when."""
        not_before = request.meta.get("not_before", 0.0)
        while (left := not_before - time.time()) > 0:
            if self._closing():
                assert self._crawler.engine
                self._crawler.engine.crawl(request.replace(dont_filter=True))
                raise IgnoreRequest("the crawl is being closed: the request waits in the queue")
            await asyncio.sleep(min(left, STEP_SECONDS))

    def _closing(self) -> bool:
        engine: Any = self._crawler.engine
        return bool(engine._slot and engine._slot.closing)
