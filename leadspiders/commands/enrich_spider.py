"""The spider behind `scrapy enrich`: leads that are stored, through the same stages once more, without a source.

It lives beside its command, since `scrapy list` names sources and the own database is none.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.incomplete import incomplete, stored_leads
from leadspiders.stores.postgres.status import status

AT_ONCE = 1000
"""Leads in the stages at the same time. Scrapy takes what `start` yields without waiting for the stages."""
READ_AT_ONCE = 200


class Enrichment(CampaignSpider):
    """A lead that is stored has its place on a receipt already: it is counted nowhere a second time."""

    name = "enrichment"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Connects to the signals that end a lead's way."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.room = asyncio.Semaphore(AT_ONCE)
        spider.before = spider.after = {}
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.left, signal)
        return spider

    room: asyncio.Semaphore
    before: dict[str, Any]
    after: dict[str, Any]
    """The campaign's figures at the start and at the end; empty for a crawl that did not get there."""

    async def start(self) -> AsyncIterator[Contact | Company]:
        """The leads that somebody may add to, the best first; as many as `sample` says."""
        context = Context.of(self.crawler)
        self.before = await self._figures()
        context.at_the_end(self._look_again)
        ids = await incomplete(context.database, self.campaign.name, limit=self.sample)
        for first in range(0, len(ids), READ_AT_ONCE):
            group = ids[first : first + READ_AT_ONCE]
            for lead in await stored_leads(context.database, group, context.keyed_hash):
                await self.room.acquire()
                self.stat("read")
                yield lead

    def left(self) -> None:
        """Another lead may enter."""
        self.room.release()

    async def _look_again(self) -> None:
        self.after = await self._figures()

    async def _figures(self) -> dict[str, Any]:
        database = Context.of(self.crawler).database
        return await status(database, self.campaign.name, lead=self.campaign.lead)
