"""`scrapy enrich C`: buy what stored leads still lack, as far as goal and budget allow it."""

import argparse
import json
from typing import Any

from rich.console import Console

from leadspiders.cli.crawl_command import CrawlCommand
from leadspiders.commands.enrich_spider import Enrichment
from leadspiders.commands.preflight import connect, providers
from leadspiders.errors import ArgumentError
from leadspiders.extensions.run_log import failures

NOT_WELL = 1


class Command(CrawlCommand):
    """What had no budget, no provider or no answer when it was collected gets another chance; nothing is paid twice."""

    summary = "Fill the gaps of stored leads from the campaign's providers"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--goal", metavar="N", help="leads after which nothing more is bought (the campaign's)")
        parser.add_argument("--sample", metavar="N", help="look at so many leads only, the best first")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise ArgumentError("name one campaign: scrapy enrich CAMPAIGN (see `scrapy campaigns`)")
        given = {"campaign": args[0], "goal": opts.goal, "sample": opts.sample}
        self._arguments = {name: text for name, text in given.items() if text}
        self._spider = Enrichment.checked(self._arguments, self.settings)
        providers(self._spider.campaign, self.settings)
        self._arguments["run_id"] = self._spider.run_id
        for setting, value in connect(self.settings).items():
            self.settings.set(setting, value, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Enrich; a crawl that did not come to its end exits 1."""
        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(Enrichment)
        self.crawler_process.crawl(crawler, **self._arguments)
        self.crawler_process.start()
        counted = crawler.stats.get_stats() if crawler.stats else {}
        assert isinstance(crawler.spider, Enrichment)
        told = figures(crawler.spider, counted)
        if opts.json or not told["after"]:
            print(json.dumps(told))
        else:
            Console().print(line(told), highlight=False)
        self.exitcode = NOT_WELL if self.crawler_process.bootstrap_failed or failures(crawler) else 0


def figures(spider: Enrichment, counted: dict[str, Any]) -> dict[str, Any]:
    """What the pass came to; `left_alone` counts leads by why nothing was bought for them."""
    before, after = spider.before, spider.after
    alone = ("goal_reached", "not_worth_it", "enough_people", "stopping")
    return {
        "campaign": spider.campaign.name,
        "run_id": spider.run_id,
        "read": counted.get("leads/source/read", 0),
        "before": before.get("leads"),
        "after": after.get("leads"),
        "spent_usd": round(after.get("spend_usd", 0.0) - before.get("spend_usd", 0.0), 4),
        "left_alone": {name: found for name in alone if (found := counted.get(f"leads/enrich/{name}", 0))},
    }


def line(told: dict[str, Any]) -> str:
    """The same in a line."""
    before, after = told["before"], told["after"]
    alone = "".join(f", {number:,} {name.replace('_', ' ')}" for name, number in told["left_alone"].items())
    return (
        f"{told['campaign']}: {told['read']:,} leads looked at, ready {before['ready']:,} -> {after['ready']:,},"
        f" qualified {before['qualified']:,} -> {after['qualified']:,}, ${told['spent_usd']:,.2f} spent{alone}."
        f" Next: scrapy status {told['campaign']}"
    )
