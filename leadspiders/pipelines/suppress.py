"""Second stage: who asked not to be contacted, and what may not be used for marketing, goes no further.

It stands before the stages that look up, buy and store, so that an opt-out costs nothing and leaves nothing behind. A
masked record shows nothing to recognize an opt-out by: the enrich stage asks again once it is unmasked.
"""

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.guard.optouts import opted_out
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Refused, Suppressed
from leadspiders.rules.profile import refusal


class Suppress:
    """Asks the opt-out list about every trait of a record, a hundred records a query."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._listed = Batcher(self._opted_out, size=100)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record, if it may be used."""
        if not isinstance(item, Company | Contact):
            return item
        if reason := refusal(item, self._context.campaign):
            raise Refused("suppress", reason)
        if await self._listed.ask(item):
            raise Suppressed("suppress", "opted-out")
        self._context.count("suppress/passed")
        return item

    async def _opted_out(self, items: list[Company | Contact]) -> Sequence[bool]:
        return await opted_out(self._context.database, self._context.keyed_hash, items)
