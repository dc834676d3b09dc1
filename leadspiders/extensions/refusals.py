"""Notes on the receipt what became of a record that never reached the store: refused, suppressed or parked."""

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from leadspiders.context import Context
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

    async def dropped(self, item: Record, exception: BaseException) -> None:
        """A stage ended the record's way, and said why."""
        if isinstance(exception, Left):
            if not exception.noted:
                await self._note(item, exception.outcome, exception.reason, exception.stage)
        else:
            await self._note(item, "parked", f"dropped:{type(exception).__name__}", "unknown")

    async def failed(self, item: Record, failure: Failure) -> None:
        """A stage broke: the record is kept for somebody to look at."""
        error: Any = failure.value
        await self._note(item, "parked", f"error:{type(error).__name__}", "unknown")

    async def _note(self, item: Record, outcome: Any, reason: str, stage: str) -> None:
        context = Context.of(self._crawler)
        if item.origin:
            await context.write(Refusal(origin=item.origin, outcome=outcome, reason=reason, stage=stage, payload=item))
        context.count(f"{stage}/{outcome}/{reason}")
