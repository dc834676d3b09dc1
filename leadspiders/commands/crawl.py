"""`scrapy crawl`, as everywhere, after a look at everything that could be wrong: arguments, keys, Postgres, Redis.

What is wrong costs one line and exit code 2, before the first request. scrapyd starts crawls through this command too.
"""

import argparse
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.core.downloader import contextfactory  # noqa: F401 - while few modules are there: 0.5 s more later
from scrapy.spiderloader import get_spider_loader

from leadspiders.commands.connect import ASKED_WRONGLY
from leadspiders.commands.preflight import connect, credential, providers
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.extensions.run_log import failures
from leadspiders.spiders.campaign_spider import CampaignSpider, nearest


class Command(ScrapyCrawl):
    """Scrapy's own command behind a check, which runs before Scrapy starts its logging: one line stays one line."""

    def short_desc(self) -> str:
        return "Run one source of a campaign: scrapy crawl bls -a campaign=dpc_employers"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        try:
            self._check(args, opts.spargs)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            sys.exit(ASKED_WRONGLY)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; a crawl that its source ended (a refused key, a quota that is used up) exits 1."""
        assert self.crawler_process
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or failures(crawler):
            self.exitcode = 1

    def _check(self, args: list[str], arguments: dict[str, str]) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise ArgumentError("name one spider: scrapy crawl SPIDER -a campaign=NAME (see `scrapy list`)")
        loader = get_spider_loader(self.settings)
        if args[0] not in loader.list():
            raise ArgumentError(f"there is no spider {args[0]!r}{nearest(args[0], tuple(loader.list()))}")
        spider = loader.load(args[0])
        assert issubclass(spider, CampaignSpider)
        checked = spider.checked(arguments, self.settings)
        credential(checked, self.settings)
        providers(checked.campaign, self.settings)
        for setting, value in connect(self.settings).items():
            self.settings.set(setting, value, priority="cmdline")
