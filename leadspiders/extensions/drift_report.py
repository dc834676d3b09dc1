"""Says at the end of a crawl how its source has changed its shape: which fields it lost, added or writes anew."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from leadspiders.spiders.campaign_spider import CampaignSpider


class DriftReport:
    """Counts under `leads/drift/<source>/<field>`; more than the campaign allows is an error of the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the end of the crawl."""
        extension = cls(crawler)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def closed(self, spider: CampaignSpider) -> None:
        """Count, and say what differs."""
        assert self._crawler.stats
        for (source, field, kind), times in sorted(spider.drift.fields.items()):
            self._crawler.stats.set_value(f"leads/drift/{source}/{field}", times)
            spider.logger.warning("%s changed its shape: %s is %s (%d times)", source, field, kind, times)
        limit = spider.campaign.alerts.drift_share
        for source, share in spider.drift.above(limit).items():
            spider.logger.error(
                "%.1f %% of the records of %s differ from its contract, more than the %.1f %% that the campaign allows",
                share * 100,
                source,
                limit * 100,
            )
