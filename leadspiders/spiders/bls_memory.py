"""What a crawl of BLS knows of earlier ones: which slices they read to the end, and whether the quota is used up.

Both are looked up before the first request, so that what happens then is nothing but questions and answers.
"""

from datetime import datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from leadspiders.apis import bls_api
from leadspiders.context import Context
from leadspiders.errors import ApiError, QuotaUsedUp
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.closed_sources import close_source, closed_source
from leadspiders.stores.postgres.markets import answered
from leadspiders.stores.postgres.pool import Database


class BlsMemory(CampaignSpider):
    """Slices and bulk files are remembered by their address, the time series API by its key (or the lack of one)."""

    again: bool
    """Whether everything is asked for, whatever was read before."""
    series: tuple[str, ...]
    known: frozenset[str] = frozenset()
    back_at: datetime | None = None
    """When the queries that this crawl found used up come back."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Connects to both ends of the crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.opened, signals.spider_opened)
        crawler.signals.connect(spider.ended, signals.spider_closed)
        return spider

    def possible(self) -> list[Request]:
        """Every slice or bulk file that this crawl may come to ask for."""
        return []

    async def opened(self) -> None:
        """Look up what was read before; end the crawl before its first request when the day's queries are used up."""
        database = Context.of(self.crawler).database
        if self.series and not self.files:
            if closed := await closed_source(database, bls_api.API.name, self._credential()):
                until, reason = closed
                self.logger.error("%s until %s UTC: no request is made before", reason, f"{until:%Y-%m-%d %H:%M}")
                raise CloseSpider("quota-used-up")
        elif not self.again:
            self.known = frozenset(await answered(database, self.source, [asked.url for asked in self.possible()]))

    async def ended(self) -> None:
        """Note until when the time series API is closed."""
        if self.back_at:
            database = Database(self.settings["DATABASE_URL"], max_size=1)  # the crawl's own may be closed already
            try:
                reason = "the BLS API's queries of the day are used up"
                await close_source(database, bls_api.API.name, self._credential(), until=self.back_at, reason=reason)
            finally:
                await database.close()

    def unread(self, requests: list[Request]) -> list[Request]:
        """Those that no run has read to the end before."""
        for request in requests:
            if request.url in self.known:
                self.stat("skipped")
                self.logger.info("%s was read before: again=true reads it again", request.url)
        return [request for request in requests if request.url not in self.known]

    def refused(self, error: ApiError, what: str) -> None:
        """As in all spiders, and until when."""
        if isinstance(error, QuotaUsedUp):
            self.back_at = error.retry_at
        super().refused(error, what)

    def _credential(self) -> bytes:
        keys: dict[str, list[str]] = self.settings.getdict("LEADS_CREDENTIALS")
        return Context.of(self.crawler).keyed_hash("credential", (keys.get(bls_api.API.name) or [""])[0])
