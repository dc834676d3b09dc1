"""One row a crawl in `scraping_logs`: what ran, when, how many records, and whether it still lives."""

import asyncio
import os
import socket
from collections.abc import Mapping
from typing import Self
from uuid import UUID

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres import runs

HEARTBEAT_SECONDS = 2.0
ENDINGS: Mapping[str, runs.LogStatus] = {"finished": "finished", "sample": "finished"}


class RunLog:
    """Opens the row, keeps it fresh, closes it; then closes what the crawl shared, as the last of all parts."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._log: UUID | None = None
        self._beat: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the start and the end of the crawl."""
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    async def opened(self, spider: Spider) -> None:
        """Open the row."""
        context = Context.of(self._crawler)
        await runs.start_run(context.database, context.run_id, context.campaign.name)
        self._log = await runs.open_log(
            context.database,
            run_id=context.run_id,
            campaign=context.campaign.name,
            source=context.source,
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )
        self._beat = asyncio.ensure_future(self._heartbeat(context))

    async def closed(self, spider: CampaignSpider, reason: str) -> None:
        """Close the row with what the crawl came to."""
        context = Context.of(self._crawler)
        if self._beat:
            self._beat.cancel()
        if self._log:
            drifted = spider.drift.above(context.campaign.alerts.drift_share)
            status: runs.LogStatus = "failed" if drifted else ENDINGS.get(reason, "stopped")
            await runs.close_log(
                context.database, self._log, status=status, records=self._records(), errors=self._errors()
            )
        await context.close()

    async def _heartbeat(self, context: Context) -> None:
        while self._log:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            await runs.beat(context.database, self._log, records=self._records(), errors=self._errors())

    def _records(self) -> int:
        assert self._crawler.stats
        return int(self._crawler.stats.get_value("leads/receipts/seen", 0))

    def _errors(self) -> int:
        assert self._crawler.stats
        return int(self._crawler.stats.get_value("log_count/ERROR", 0))
