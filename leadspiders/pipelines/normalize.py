"""First stage: every field in its one canonical form. The rules are in `rules.clean`; nothing is invented."""

from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.items.unread import Unread
from leadspiders.pipelines.outcomes import Parked
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.readiness import state_of

Record = MarketCell | Company | Contact | Unread


class Normalize:
    """Cleans companies and contacts in place. Market cells arrive canonical: their codes are the key."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record, clean."""
        if isinstance(item, Contact):
            clean_contact(item)
            item.lead_state = state_of(item)
            for flag in item.flags:
                self._context.count(f"normalize/{flag}")
        elif isinstance(item, Company):
            clean_company(item)
        elif isinstance(item, Unread):
            raise Parked("normalize", "unread")
        self._context.count("normalize/passed")
        return item
