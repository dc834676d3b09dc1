"""`scrapy status C`: how the campaign stands right now."""

import argparse
import json

from rich.console import Console

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.closed import closed_for
from leadspiders.commands.connect import campaign, database
from leadspiders.ops.running import goal_of, running
from leadspiders.ops.status_view import show
from leadspiders.stores.postgres import outbox
from leadspiders.stores.postgres.status import status


class Command(DatabaseCommand):
    """Prints the funnel, the pace, the cost and the ledger; with --json the figures on their own."""

    summary = "How a campaign stands: leads, pace, cost, what is parked, whether the ledger adds up"

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print it; 0 when the ledger adds up, 1 when it does not."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "status")
        async with database(self.settings) as opened:
            figures = await status(opened, wanted.name, lead=wanted.lead)
            closed = await closed_for(self.settings)
            if opts.json:
                print(json.dumps(figures | {"closed_until": {api: when.isoformat() for api, when in closed.items()}}))
            else:
                console = Console()
                delivered = await outbox.counts(opened, wanted.name)
                goal = goal_of(wanted, await running(opened, wanted.name))
                console.print(show(figures, wanted, delivered, goal=goal, width=console.width, closed=closed))
        return 0 if figures["balanced"] else 1
