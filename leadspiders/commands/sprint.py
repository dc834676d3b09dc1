"""`scrapy sprint`: all sources of a campaign side by side, watched live, ending in a verdict and a report."""

import argparse
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from scrapy.settings import BaseSettings

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands import connect
from leadspiders.commands.closed import closed
from leadspiders.commands.sprint_run import Result, Sprint
from leadspiders.errors import ArgumentError
from leadspiders.guard.vault import Vault
from leadspiders.ops.report.collect import collect
from leadspiders.ops.report.formats import as_json, write
from leadspiders.ops.report.terminal import terminal
from leadspiders.stores.postgres.pool import Database

NOT_REACHED = 1


class Command(DatabaseCommand):
    """Starts one process a source and worker; itself it only watches the database."""

    summary = "Run all sources of a campaign side by side, and judge the result"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--sandbox", action="store_true", help="talk to local stand-ins of all outside APIs")
        parser.add_argument("--goal", type=int, metavar="N", help="ready leads to reach (default: the campaign's)")
        parser.add_argument("--workers", type=int, metavar="N", default=1, help="processes a source (default: 1)")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if opts.workers < 1 or (opts.goal is not None and opts.goal < 1):
            raise ArgumentError("--goal and --workers are numbers from 1")
        campaign = connect.campaign(self.settings, args, "sprint")
        console = Console(stderr=opts.json)
        sprint = Sprint(
            campaign=campaign,
            settings=self.settings,
            console=console,
            goal=opts.goal or (campaign.goals.sandbox_leads if opts.sandbox else campaign.goals.leads),
            workers=opts.workers,
            sandbox=opts.sandbox,
        )
        surroundings = sprint.prepare()
        if sprint.sandbox_url:
            console.print(
                f"sandbox at {sprint.sandbox_url} (its own counts: {sprint.sandbox_url}/_sandbox/tally)", soft_wrap=True
            )
        await sprint.forecast(surroundings)
        result = await sprint.run(surroundings)
        shut = await closed(surroundings["REDIS_URL"], _base_urls(self.settings, surroundings))
        return await self._judge(sprint, result, surroundings["DATABASE_URL"], shut, as_object=opts.json)

    async def _judge(
        self, sprint: Sprint, result: Result, database_url: str, shut: Mapping[str, datetime], *, as_object: bool
    ) -> int:
        assert self.settings is not None
        database = Database(database_url, vault=Vault.of_settings(self.settings))
        try:
            data = await collect(
                database, sprint.campaign, kind="final", now=datetime.now(UTC), goal=sprint.goal, hours=result.hours,
                forecast=sprint.plan.leads.likely if sprint.plan else None, closed=shut,
            )  # fmt: skip
            data = replace(data, compared=result.compared)
        finally:
            await database.close()
        page = write(data, "html", sprint.home / "reports")
        if as_object:
            print(as_json(data))
        else:
            sprint.console.print(terminal(data))
            sprint.console.print(f"\nThe report as a page: {page}", soft_wrap=True, highlight=False)
            _next_steps(sprint)
        for failure in result.failures:
            print(
                f"{failure.name} ended with {failure.code}: {failure.last_line} (log: {failure.log})", file=sys.stderr
            )
        met = data.verdict.reached and not result.failures and not result.interrupted
        return 0 if met else NOT_REACHED


def _next_steps(sprint: Sprint) -> None:
    name = sprint.campaign.name
    sprint.console.print("\nTry next:")
    for command, what in (
        (f"leads {name} --limit 10", "the leads, best first"),
        (f"status {name}", "where every record went, and whether it adds up"),
        ("services stop", "stop the embedded services; the data stays"),
    ):
        sprint.console.print(f"  {f'{_scrapy()} {command}':<54} [dim]{what}[/dim]", highlight=False, soft_wrap=True)


def _base_urls(settings: BaseSettings, surroundings: Mapping[str, str]) -> dict[str, str]:
    """Where the crawls of this sprint found each API."""
    urls: dict[str, str] = settings.getdict("LEADS_URLS")
    return {api: surroundings.get(f"LEADS_{api.upper()}_URL", url) for api, url in urls.items()}


def _scrapy() -> str:
    """How this scrapy is called from here: by its name when the shell finds it, else by its path."""
    own = Path(sys.executable).with_name("scrapy")
    found = shutil.which("scrapy")
    if found and Path(found) == own:
        return "scrapy"
    return os.path.relpath(own)
