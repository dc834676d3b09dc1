"""Fifth stage: how much is known of a lead, how well it fits the campaign, and why."""

from typing import Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.normalize import Record
from leadspiders.rules.scores import scores


class Score:
    """Puts `scores` on a lead. The variant sticks to the company, so that all its people are judged alike."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record with its scores."""
        if isinstance(item, Contact | Company):
            item.scores = scores(item, self._context.campaign)
            self._context.count("score/qualified" if item.scores.is_qualified else "score/not_qualified")
        return item
