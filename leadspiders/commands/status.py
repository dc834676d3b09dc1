"""`scrapy status C`: how the campaign stands right now."""

import argparse
import json
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand

from leadspiders.commands.closed import closed_for
from leadspiders.commands.connect import campaign, database, run
from leadspiders.ops.running import goal_of, running
from leadspiders.ops.status_view import show
from leadspiders.stores.postgres import outbox
from leadspiders.stores.postgres.status import status


class Command(ScrapyCommand):
    """Prints the funnel, the pace, the cost and the ledger; with --json the figures on their own."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] CAMPAIGN"

    def short_desc(self) -> str:
        return "How a campaign stands: leads, pace, cost, what is parked, whether the ledger adds up"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        run(self, self.show(args, as_json=opts.json))

    async def show(self, args: list[str], *, as_json: bool) -> int:
        """Print it; 0 when the ledger adds up, 1 when it does not."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "status")
        async with database(self.settings) as opened:
            figures = await status(opened, wanted.name, lead=wanted.lead)
            closed = await closed_for(self.settings)
            if as_json:
                print(json.dumps(figures | {"closed_until": {api: when.isoformat() for api, when in closed.items()}}))
            else:
                console = Console()
                delivered = await outbox.counts(opened, wanted.name)
                goal = goal_of(wanted, await running(opened, wanted.name))
                console.print(show(figures, wanted, delivered, goal=goal, width=console.width, closed=closed))
        return 0 if figures["balanced"] else 1
