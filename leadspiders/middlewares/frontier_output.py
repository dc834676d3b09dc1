"""Keeps the lease of a response to the request that was leased, and out of the requests that follow from it."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from leadspiders.middlewares.frontier_request import LEASED
from leadspiders.middlewares.scheduler import Scheduler


class FrontierOutput:
    """A callback that hands on `response.meta` makes children, not another try; one that ends the crawl is not done."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The engine does not exist yet."""
        return cls(crawler)

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The same output."""
        try:
            async for output in result:
                if isinstance(output, Request):
                    output.meta.pop(LEASED, None)
                yield output
        except CloseSpider:
            if response.request and (scheduler := Scheduler.of(self._crawler)):
                scheduler.give_back(response.request)
            raise

    def process_spider_output(self, response: Response, result: Iterator[Any], spider: Spider) -> Iterator[Any]:
        """Never used: every callback of ours is asynchronous. Scrapy asks for the pair."""
        raise TypeError(f"a callback of {spider.name} is not asynchronous")
