"""Keeps Python's cyclic garbage collector from going through what lives as long as the crawl.

By then hundreds of thousands of objects of modules, rules and tables are there, and a page of a hundred leads makes
tens of thousands that live for a moment: the collector would look at all of them again and again, and find next to
nothing.
"""

import gc
from typing import Final, Self

from scrapy import signals
from scrapy.crawler import Crawler

THRESHOLDS: Final = (50_000, 20, 20)
"""So many new objects until the youngest are looked at, and so many such looks until the older ones are."""


class Collector:
    """Sets what is there aside once the spider is open. Reference counts free the rest, as before."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Waits for the end of the opening."""
        collector = cls()
        crawler.signals.connect(collector.opened, signals.spider_opened)
        return collector

    def opened(self) -> None:
        """For the rest of the process."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
