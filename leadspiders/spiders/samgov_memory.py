"""What a crawl of SAM.gov knows of earlier ones: what they read to the end, and until when the quota is used up.

Both are looked up before the first request and noted after the last, so that what happens between is nothing but
questions and answers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from twisted.python.failure import Failure

from leadspiders.context import Context
from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres import watermarks
from leadspiders.stores.postgres.closed_sources import close_source, closed_source
from leadspiders.stores.postgres.markets import market_plan
from leadspiders.stores.postgres.pool import Database

# Where a refusal does not tell: the quotas of the gateway in front of SAM.gov are counted by the hour.
UNTOLD = timedelta(hours=1)


class SamgovMemory(CampaignSpider):
    """`asked` says in one text what the crawl looks for; two crawls with the same text look for the same."""

    mode: str
    again: bool
    """Whether everything is asked for, whatever was read before."""
    today: date
    asked: str
    since: date | None = None
    """The day of the last complete crawl of the same: only what changed since is new."""
    known_files: frozenset[str] = frozenset()
    read_files: list[str]
    ranked: Sequence[str] = ()
    """States that the market plan knows, the largest market first."""
    gaps: int = 0
    """Answers that never came or were no data: what was asked is not complete then."""
    back_at: datetime | None = None
    """When the quota that this crawl found used up comes back."""
    begun: bool = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Connects to both ends of the crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.read_files = []
        crawler.signals.connect(spider.opened, signals.spider_opened)
        crawler.signals.connect(spider.ended, signals.spider_closed)
        return spider

    async def opened(self) -> None:
        """Look up what was read before; end the crawl before its first request when the quota is used up."""
        if self.files:
            return
        context = Context.of(self.crawler)
        if closed := await closed_source(context.database, self.api, self._credential(context)):
            until, reason = closed
            self.logger.error("%s until %s UTC: no request is made before", reason, f"{until:%Y-%m-%d %H:%M}")
            raise CloseSpider("quota-used-up")
        self.begun = True
        if self.mode == "monthly":
            if not self.again:
                self.known_files = await watermarks.files_read(context.database, source=self.name, question=self.asked)
            return
        self.since = await watermarks.begin(
            context.database,
            run_id=self.run_id,
            source=self.name,
            question=self.asked,
            today=self.today,
            again=self.again,
        )
        if self.since:
            self.stat("asked_for_changes_only")
            self.logger.info(
                "Skipping what was read to the end on %s: asking only for what changed since (again=true: everything)",
                self.since,
            )
        market: Counter[str] = Counter()
        for cell in await market_plan(context.database, self.campaign):
            market[cell.state] += cell.establishments or 0
        self.ranked = [state for state, _ in market.most_common()]

    async def ended(self, reason: str) -> None:
        """Note how far the source was read, and until when it is closed."""
        if not self.begun:
            return
        context = Context.of(self.crawler)
        database = Database(self.settings["DATABASE_URL"], max_size=1)  # the crawl's own may be closed already
        try:
            if self.back_at:
                await close_source(
                    database,
                    self.api,
                    self._credential(context),
                    until=self.back_at,
                    reason="SAM.gov's quota is used up",
                )
            for file in self.read_files if self.mode == "monthly" else ("",):
                await watermarks.end(
                    database,
                    run_id=self.run_id,
                    source=self.name,
                    question=self.asked,
                    file=file,
                    today=self.today,
                    complete=reason == "finished" and self.sample is None,
                    gaps=self.gaps,
                )
        finally:
            await database.close()

    def refused(self, error: ApiError, what: str) -> None:
        """As in all spiders; the first refusal for the quota says when it is over, the others are the same."""
        if isinstance(error, QuotaUsedUp):
            first, self.back_at = self.back_at is None, error.retry_at or datetime.now(UTC) + UNTOLD
            if not first:
                raise CloseSpider("quota-used-up")
        elif not isinstance(error, CredentialRefused):
            self.gaps += 1
        super().refused(error, what)

    async def failed(self, failure: Failure) -> None:
        """As in all spiders, but for a request that went back into the queue."""
        if isinstance(failure.value, IgnoreRequest):
            return
        self.gaps += 1
        await super().failed(failure)

    def _credential(self, context: Context) -> bytes:
        keys: dict[str, list[str]] = self.settings.getdict("LEADS_CREDENTIALS")
        key = (keys.get(self.api) or [""])[0]
        return context.keyed_hash("credential", f"{self.base_urls[self.api]} {key}")  # a sandbox counts by itself
