"""`scrapy spend C`: where the money went, what it bought, and what is left."""

import argparse
import json
from datetime import UTC, datetime
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand

from leadspiders.commands.connect import campaign, database, run
from leadspiders.ops.spend_view import as_object, show
from leadspiders.ops.spending import spending


class Command(ScrapyCommand):
    """Prints calls, credits and dollars, caps and what is left, lost answers, cost by lead and field."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] CAMPAIGN"

    def short_desc(self) -> str:
        return "Where the money went, what is left of each cap, which calls may have been charged without an answer"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        run(self, self.show(args, as_json=opts.json))

    async def show(self, args: list[str], *, as_json: bool) -> int:
        """Print it; 0 when each running total is the sum of its rows, 1 when one is not."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "spend")
        async with database(self.settings) as opened:
            found = await spending(opened, wanted, now=datetime.now(UTC))
        if as_json:
            print(json.dumps(as_object(found)))
        else:
            Console().print(show(found), highlight=False)
        return 0 if found.balanced else 1
