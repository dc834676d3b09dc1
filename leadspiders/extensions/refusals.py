"""Notes on the receipt what became of a record that never reached the store: refused, suppressed or parked."""

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from leadspiders.context import Context
from leadspiders.errors import StoreError
from leadspiders.middlewares.scheduler import Scheduler
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Left
from leadspiders.stores.postgres.writer import Refusal


class Refusals:
    """Sends what left the stages early through the same writer as what was stored."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the two ways out."""
        extension = cls(crawler)
        crawler.signals.connect(extension.dropped, signals.item_dropped)
        crawler.signals.connect(extension.failed, signals.item_error)
        return extension

    async def dropped(self, item: Record, exception: BaseException, response: Response | None) -> None:
        """A stage ended the record's way, and said why."""
        if isinstance(exception, Left):
            if not exception.noted:
                await self._note(item, exception.outcome, exception.reason, exception.stage, response)
        else:
            await self._note(item, "parked", f"dropped:{type(exception).__name__}", "unknown", response)

    async def failed(self, item: Record, failure: Failure, response: Response | None) -> None:
        """A stage broke: the record is kept for somebody to look at, or comes again if only Postgres was away."""
        error: Any = failure.value
        if isinstance(error, StoreError):
            self._unsettled(response)
        else:
            await self._note(item, "parked", f"error:{type(error).__name__}", "unknown", response)

    async def _note(self, item: Record, outcome: Any, reason: str, stage: str, response: Response | None) -> None:
        context = Context.of(self._crawler)
        try:
            if item.origin:
                await context.write(
                    Refusal(origin=item.origin, outcome=outcome, reason=reason, stage=stage, payload=item)
                )
        except StoreError:
            self._unsettled(response)
            raise
        context.count(f"{stage}/{outcome}/{reason}")

    def _unsettled(self, response: Response | None) -> None:
        """The record is still pending on its receipt: its response is asked for again, and yields what is pending."""
        scheduler = Scheduler.of(self._crawler)
        if scheduler and response is not None and response.request:
            scheduler.give_back(response.request)
