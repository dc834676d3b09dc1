"""Last stage: leads that are due go to the campaign's destinations, in bulk, while the crawl goes on.

The store wrote the outbox row in the lead's own transaction, so nothing depends on what happens here: the stage only
wakes the couriers, and never makes a record wait. What a courier cannot deliver stays in the outbox for
`scrapy crawl delivery`; a crawl that stored nothing that is due sends nobody.
"""

from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.contact import Contact
from leadspiders.pipelines.couriers import Couriers
from leadspiders.pipelines.normalize import Record
from leadspiders.rules.delivery import destinations


class Export:
    """Wakes a courier for each destination that a stored lead is due at."""

    def __init__(self, context: Context, couriers: Couriers) -> None:
        self._context = context
        self._couriers = couriers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler), Couriers.of(crawler))

    async def open_spider(self) -> None:
        """See that all destinations of the campaign are known."""
        self._couriers.check()

    async def process_item(self, item: Record) -> Record:
        """The same record, on its way."""
        if isinstance(item, Contact):
            for name in destinations(item, self._context.campaign):
                if self._couriers.wake(name):
                    self._context.count(f"export/{name}/due")
        return item

    async def close_spider(self) -> None:
        """Wait until the couriers have delivered what is due: what the crawl shares is closed after the stages."""
        await self._couriers.finish()
