"""One row a crawl in `scraping_logs`: what ran, when, how many records, and whether it still lives."""

import asyncio
from contextlib import suppress
from typing import Self
from uuid import UUID

from scrapy import signals
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.errors import StoreError
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres import runs

HEARTBEAT_SECONDS = 2.0
ENDED_WELL = ("finished", "sample")
TROUBLE = ("leads/source/unanswered", "spider_exceptions/count")
"""Stats that tell of responses or records that nobody has worked on."""


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

    async def opened(self, spider: CampaignSpider) -> None:
        """Open the row."""
        context = Context.of(self._crawler)
        started_with = {spider.name: spider.given}
        await runs.start_run(context.database, context.run_id, context.campaign.name, settings=started_with)
        self._log = await runs.open_log(
            context.database,
            run_id=context.run_id,
            campaign=context.campaign.name,
            source=context.source,
            worker=context.worker,
        )
        self._beat = asyncio.ensure_future(self._heartbeat(context))

    async def closed(self, spider: CampaignSpider, reason: str) -> None:
        """Close the row with what the crawl came to."""
        context = Context.of(self._crawler)
        if self._beat:
            self._beat.cancel()
        if self._log:
            status: runs.LogStatus = "finished" if reason in ENDED_WELL else "stopped"
            if trouble(self._crawler):
                status = "failed"
            with suppress(StoreError):  # the row then goes stale, as that of a crawl that was killed
                await runs.close_log(
                    context.database, self._log, status=status, records=self._records(), errors=self._errors()
                )
        await context.close()

    async def _heartbeat(self, context: Context) -> None:
        while self._log:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            with suppress(StoreError):  # the stages notice too, and say so
                await runs.beat(context.database, self._log, records=self._records(), errors=self._errors())

    def _records(self) -> int:
        assert self._crawler.stats
        return int(self._crawler.stats.get_value("leads/receipts/seen", 0))

    def _errors(self) -> int:
        assert self._crawler.stats
        return int(self._crawler.stats.get_value("log_count/ERROR", 0))


def trouble(crawler: Crawler) -> list[str]:
    """Names of the stats by which the crawl has failed at something, and of sources that changed their shape."""
    assert crawler.stats
    counted = [name for name in crawler.stats.get_stats() if name in TROUBLE or name.startswith("leads/failed/")]
    spider = crawler.spider
    drifted = spider.drift.above(spider.campaign.alerts.drift_share) if isinstance(spider, CampaignSpider) else {}
    return [*counted, *drifted]


def failures(crawler: Crawler) -> list[str]:
    """Why a crawl that is over did not go well; empty when it did."""
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else "not started"
    ended = [] if reason in ENDED_WELL else [str(reason)]
    return ended + trouble(crawler)
