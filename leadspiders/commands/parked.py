"""`scrapy parked C`: records that could not go on, with the reason; and back through the stages with them."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from leadspiders.cli.crawl_command import CrawlCommand
from leadspiders.commands.connect import campaign, database, run
from leadspiders.commands.parked_spider import Requeued
from leadspiders.commands.preflight import connect, providers
from leadspiders.errors import ArgumentError
from leadspiders.extensions.run_log import failures
from leadspiders.ops.leads.cells import text
from leadspiders.ops.leads.file import write_leads, writer_of
from leadspiders.stores.postgres.accounting import account
from leadspiders.stores.postgres.parked_records import parked_records

NOT_WELL = 1
ON_SCREEN = 20  # records on a terminal; a file and --json get all
PAYLOAD_ON_SCREEN = 300


class Command(CrawlCommand):
    """Lists the oldest first; with --requeue they take the stages again, under their old place in the ledger."""

    summary = "Parked records with reason and content; --requeue puts them back through the stages"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--reason", metavar="R", help="only what is parked for this reason (see scrapy status)")
        parser.add_argument("-O", "--output", metavar="FILE", help="write to FILE: .csv, .xlsx or .jsonl")
        parser.add_argument("--requeue", action="store_true", help="put the records back through the stages")
        parser.add_argument("--enrich", action="store_true", help="let providers fill gaps of requeued ones, for money")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        self._campaign = campaign(self.settings, args, "parked")
        self._path = Path(opts.output) if opts.output else None
        if self._path:
            writer_of(self._path)
        if not opts.requeue:
            self.settings.setdict({"LOG_ENABLED": False}, priority="cmdline")
            return
        if self._path:
            raise ArgumentError("-O lists and --requeue moves: give one of them")
        self._arguments = {"campaign": args[0]} | ({"reason": opts.reason} if opts.reason else {})
        if opts.enrich:
            self._arguments["enrich"] = "yes"
        spider = Requeued.checked(self._arguments, self.settings)
        providers(spider.campaign, self.settings)
        self._arguments["run_id"] = spider.run_id
        for setting, value in connect(self.settings).items():
            self.settings.set(setting, value, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List, or requeue; a requeue that did not come to its end exits 1."""
        if opts.requeue:
            self._requeue(as_json=opts.json)
        else:
            run(self, self._list(opts.reason, as_json=opts.json))

    async def _list(self, reason: str | None, *, as_json: bool) -> int:
        assert self.settings is not None
        name = self._campaign.name
        limit = None if self._path or as_json else ON_SCREEN
        async with database(self.settings) as opened:
            records = parked_records(opened, name, reason=reason, limit=limit)
            if self._path:
                number = await write_leads(records, self._path)
                told = {"file": str(self._path), "parked": number}
                print(json.dumps(told) if as_json else f"{number:,} parked records in {self._path}")
            elif as_json:
                found = [record async for record in records]
                print(json.dumps({"campaign": name, "parked": found}, ensure_ascii=False, default=text))
            else:
                await _show(records, name)
        return 0

    def _requeue(self, *, as_json: bool) -> None:
        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(Requeued)
        self.crawler_process.crawl(crawler, **self._arguments)
        self.crawler_process.start()
        after = asyncio.run(self._parked())
        counted = crawler.stats.get_stats() if crawler.stats else {}
        told = {
            "campaign": self._campaign.name,
            "requeued": counted.get("leads/source/requeued", 0),
            "no_record": counted.get("leads/source/no_record", 0),
            "parked": after,
        }
        print(json.dumps(told) if as_json else _line(told))
        self.exitcode = NOT_WELL if self.crawler_process.bootstrap_failed or failures(crawler) else 0

    async def _parked(self) -> dict[str, int]:
        assert self.settings is not None
        async with database(self.settings) as opened, opened.connection() as connection:
            return (await account(connection, self._campaign.name)).parked


async def _show(records: AsyncIterator[dict[str, Any]], name: str) -> None:
    table = Table("since", "stage", "reason", "source", "content", box=None, pad_edge=False)
    async for record in records:
        payload = json.dumps(record["payload"], ensure_ascii=False, default=text)
        since = f"{record['created_at']:%Y-%m-%d %H:%M}"
        told = (since, record["stage"], record["reason"], record["source"] or "", payload[:PAYLOAD_ON_SCREEN])
        table.add_row(*told)
    if not table.row_count:
        print(f"Nothing is parked: scrapy status {name} says what there is.")
        return
    Console().print(table, markup=False, highlight=False)
    print(f"The oldest {table.row_count}. All of them: scrapy parked {name} -O FILE; back into the stages: --requeue.")


def _line(told: dict[str, Any]) -> str:
    """What the requeue came to."""
    return (
        f"{told['campaign']}: {told['requeued']:,} records put back, {sum(told['parked'].values()):,} are parked now;"
        f" {told['no_record']:,} of them hold no record that can be put back. Next: scrapy status {told['campaign']}"
    )
