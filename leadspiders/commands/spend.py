"""`scrapy spend C`: where the money went, what it bought, and what is left."""

import argparse
import json
from datetime import UTC, datetime

from rich.console import Console

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database
from leadspiders.ops.spend_view import as_object, show
from leadspiders.ops.spending import spending


class Command(DatabaseCommand):
    """Prints calls, credits and dollars, caps and what is left, lost answers, cost by lead and field."""

    summary = "Where the money went, what is left of each cap, which calls may have been charged without an answer"

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print it; 0 when each running total is the sum of its rows, 1 when one is not."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "spend")
        async with database(self.settings) as opened:
            found = await spending(opened, wanted, now=datetime.now(UTC))
        if opts.json:
            print(json.dumps(as_object(found)))
        else:
            Console().print(show(found), highlight=False)
        return 0 if found.balanced else 1
