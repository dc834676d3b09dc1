"""`scrapy migrate`: bring the tables of the database up to date."""

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from leadspiders.commands.connect import ASKED_WRONGLY, database_url
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.stores.postgres.failures import address
from leadspiders.stores.postgres.migrate import upgrade


class Command(ScrapyCommand):
    """Safe to run at any time, by several at once: what is up to date stays as it is."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        return "Create or update the tables of the database"

    def run(self, args: list[str], _opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            if args:
                raise ArgumentError("scrapy migrate takes no argument: DATABASE_URL says which database")
            url = database_url(self.settings)
            steps = upgrade(url)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            self.exitcode = ASKED_WRONGLY
            return
        where = address(url)
        print(f"{where}: {len(steps)} migrations run, now at {steps[-1]}" if steps else f"{where}: up to date")
