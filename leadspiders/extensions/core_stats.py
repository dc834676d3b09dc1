"""Scrapy's core stats, but for the count of records: a receiver of that signal costs a task a record."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.corestats import CoreStats as ScrapysOwn


class CoreStats(ScrapysOwn):
    """`item_scraped_count` is left to `pipelines.chain`, which sees each record come to its end."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to all signals but that one."""
        stats = super().from_crawler(crawler)
        crawler.signals.disconnect(stats.item_scraped, signals.item_scraped)
        return stats
