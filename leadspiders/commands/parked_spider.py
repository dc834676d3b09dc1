"""The spider behind `scrapy parked --requeue`: records that were parked, through all stages once more.

It lives beside its command, since `scrapy list` names sources and what is parked is none.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar, Self

from scrapy import signals
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.parked_records import Record, parked_records, record_of

AT_ONCE = 1000
"""Records in the stages at the same time. Scrapy takes what `start` yields without waiting for the stages."""


class Requeued(CampaignSpider):
    """A record keeps its place on its old receipt. Nothing is bought for it unless `enrich` says so."""

    name = "requeued"
    arguments: ClassVar[tuple[str, ...]] = ("reason", "enrich")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Connects to the signals that end a record's way."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.room = asyncio.Semaphore(AT_ONCE)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.left, signal)
        return spider

    room: asyncio.Semaphore
    reason: str | None

    def check(self, arguments: Mapping[str, str]) -> None:
        """Without `enrich` the goal of buying is none at all."""
        self.reason = arguments.get("reason")
        if not arguments.get("enrich"):
            self.goal = 0

    async def start(self) -> AsyncIterator[Record]:
        """Those that are records; what could not be read, and what was a request, stays where it is."""
        database = Context.of(self.crawler).database
        async for parked in parked_records(database, self.campaign.name, reason=self.reason):
            if (record := record_of(parked)) is None:
                self.stat("no_record")
                continue
            await self.room.acquire()
            self.stat("requeued")
            yield record

    def left(self) -> None:
        """Another record may enter."""
        self.room.release()
