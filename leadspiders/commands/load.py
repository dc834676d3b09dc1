"""`scrapy load FILE`: a licensed export of people or employers, through all stages, as a source of a campaign."""

import argparse
import asyncio
import json
import sys
from typing import Any

import msgspec
from rich.console import Console
from scrapy.commands import BaseRunSpiderCommand

from leadspiders.cli.crawl_command import CrawlCommand
from leadspiders.commands.connect import ASKED_WRONGLY, database
from leadspiders.commands.load_preview import preview, view
from leadspiders.commands.load_spider import FileImport
from leadspiders.commands.preflight import connect
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.spiders.table_files import header_and_rows
from leadspiders.stores.postgres.accounting import Account, account

NOT_WELL = 1


class Command(CrawlCommand, BaseRunSpiderCommand):
    """With --dry-run it shows what the rows would become, and writes nothing."""

    usage = "[options] FILE --map MAP --source NAME -a campaign=CAMPAIGN"
    summary = "Load a CSV or XLSX file of a licensed source by a field map"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--map", metavar="MAP", help="zoominfo, sales_navigator, or the path of a .toml file")
        parser.add_argument("--source", metavar="NAME", help="a name for where the file is from: records carry it")
        parser.add_argument("--sheet", metavar="NAME", help="the sheet of an .xlsx file (default: the first)")
        parser.add_argument("--dry-run", action="store_true", help="show ten mapped rows and what does not fit")
        parser.add_argument("--enrich", action="store_true", help="let the campaign's providers fill gaps, for money")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Preview the file, or load it; a load that did not come to its end exits 1."""
        if opts.dry_run:
            self._preview(as_json=opts.json)
        else:
            self._load(as_json=opts.json)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise ArgumentError("name one file: scrapy load FILE --map MAP --source NAME -a campaign=CAMPAIGN")
        given = {"file": args[0], "map": opts.map, "source": opts.source, "sheet": opts.sheet}
        self._arguments = opts.spargs | {name: value for name, value in given.items() if value}
        if opts.enrich:
            self._arguments["enrich"] = "yes"
        self._spider = FileImport.checked(self._arguments, self.settings)
        self._arguments["run_id"] = self._spider.run_id
        if opts.dry_run:
            self.settings.setdict({"LOG_ENABLED": False}, priority="cmdline")
            return
        for setting, value in connect(self.settings).items():
            self.settings.set(setting, value, priority="cmdline")

    def _preview(self, *, as_json: bool) -> None:
        _, rows = header_and_rows(self._spider.path, self._spider.sheet)
        try:
            made = preview(self._spider.mapper, rows)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            self.exitcode = ASKED_WRONGLY
            return
        if as_json:
            print(json.dumps({"file": str(self._spider.path)} | msgspec.to_builtins(made), ensure_ascii=False))
        else:
            console = Console()
            console.print(view(made, console.width), highlight=False)
        self.exitcode = 0 if made.sample else NOT_WELL

    def _load(self, *, as_json: bool) -> None:
        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(FileImport)
        self.crawler_process.crawl(crawler, **self._arguments)
        self.crawler_process.start()
        ended = crawler.stats.get_value("finish_reason") if crawler.stats else None
        errors = crawler.stats.get_value("log_count/ERROR", 0) if crawler.stats else 0
        came_to = asyncio.run(self._account())
        if as_json:
            print(json.dumps(figures(self._spider, came_to)))
        else:
            print(line(self._spider, came_to))
        well = ended in {"finished", "sample"} and not errors and not self.crawler_process.bootstrap_failed
        self.exitcode = 0 if well and came_to.balanced and not came_to.pending else NOT_WELL

    async def _account(self) -> Account:
        assert self.settings is not None
        async with database(self.settings) as opened, opened.connection() as connection:
            return await account(connection, self._spider.campaign.name, self._spider.run_id)


def figures(spider: FileImport, came_to: Account) -> dict[str, Any]:
    """What became of the rows of this load."""
    counts = {name: getattr(came_to, name) for name in ("stored", "merged", "suppressed", "pending")}
    return {
        "file": str(spider.path),
        "source": spider.source,
        "run_id": spider.run_id,
        "rows": came_to.seen,
        **counts,
        "refused": came_to.refused,
        "parked": came_to.parked,
        "balanced": came_to.balanced,
    }


def line(spider: FileImport, came_to: Account) -> str:
    """The same in a line."""
    refused, parked = sum(came_to.refused.values()), sum(came_to.parked.values())
    return (
        f"{spider.path.name}: {came_to.seen:,} rows, {came_to.stored:,} stored, {came_to.merged:,} merged,"
        f" {refused:,} refused, {parked:,} parked, {came_to.suppressed:,} suppressed. Next:"
        f" scrapy status {spider.campaign.name}"
    )
