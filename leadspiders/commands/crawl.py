"""`scrapy crawl`, as everywhere, after a look at everything that could be wrong: arguments, keys, Postgres, Redis.

What is wrong costs one line and exit code 2, before the first request. scrapyd starts crawls through this command too.
"""

import argparse

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.spiderloader import get_spider_loader

from leadspiders.cli.crawl_command import CrawlCommand
from leadspiders.commands.preflight import connect, credential, providers
from leadspiders.errors import ArgumentError
from leadspiders.extensions.run_log import failures
from leadspiders.spiders.campaign_spider import CampaignSpider, nearest


class Command(CrawlCommand, ScrapyCrawl):
    """Scrapy's own command behind a check, which runs before Scrapy starts its logging: one line stays one line."""

    usage = "[options] <spider>"
    summary = "Run one source of a campaign: scrapy crawl bls -a campaign=dpc_employers"
    json_option = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; a crawl that its source ended (a refused key, a quota that is used up) exits 1."""
        assert self.crawler_process
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or failures(crawler):
            self.exitcode = 1

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise ArgumentError("name one spider: scrapy crawl SPIDER -a campaign=NAME (see `scrapy list`)")
        loader = get_spider_loader(self.settings)
        if args[0] not in loader.list():
            raise ArgumentError(f"there is no spider {args[0]!r}{nearest(args[0], tuple(loader.list()))}")
        spider = loader.load(args[0])
        assert issubclass(spider, CampaignSpider)
        checked = spider.checked(opts.spargs, self.settings)
        credential(checked, self.settings)
        providers(checked.campaign, self.settings)
        for setting, value in connect(self.settings).items():
            self.settings.set(setting, value, priority="cmdline")
