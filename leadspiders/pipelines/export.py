"""Last stage: leads that are due go to the campaign's destinations, in bulk, while the crawl goes on.

The store wrote the outbox row in the lead's own transaction, so nothing depends on what happens here: the stage only
wakes the couriers, and never makes a record wait. What a courier cannot deliver stays in the outbox for
`scrapy crawl delivery`.
"""

from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.contact import Contact
from leadspiders.pipelines.courier import Courier, couriers
from leadspiders.pipelines.normalize import Record
from leadspiders.rules.delivery import destinations


class Export:
    """Wakes a courier for each destination that a stored lead is due at."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._couriers: dict[str, Courier] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def open_spider(self) -> None:
        """Hire the couriers; one without a credential leaves its leads in the outbox."""
        self._couriers = couriers(self._context)

    async def process_item(self, item: Record) -> Record:
        """The same record, on its way."""
        if isinstance(item, Contact):
            for name in destinations(item, self._context.campaign):
                if name in self._couriers:
                    self._couriers[name].wake()
                    self._context.count(f"export/{name}/due")
        return item

    async def close_spider(self) -> None:
        """Wait until the couriers have delivered what is due."""
        for courier in self._couriers.values():
            await courier.finish()
