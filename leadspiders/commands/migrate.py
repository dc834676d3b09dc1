"""`scrapy migrate`: bring the tables of the database up to date."""

import argparse
import sys

from leadspiders.cli.plain_command import PlainCommand
from leadspiders.commands.connect import ASKED_WRONGLY, database_url
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.stores.postgres.failures import address
from leadspiders.stores.postgres.migrate import upgrade


class Command(PlainCommand):
    """Safe to run at any time, by several at once: what is up to date stays as it is."""

    usage = ""
    summary = "Create or update the tables of the database"
    json_option = None

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
