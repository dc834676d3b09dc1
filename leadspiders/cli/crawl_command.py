"""A command that crawls, after a look at everything that could be wrong: arguments, keys, Postgres, Redis."""

import sys
from abc import abstractmethod
from argparse import Namespace

from scrapy.core.downloader import contextfactory  # noqa: F401 - while few modules are there: 0.3 s more later

from leadspiders.cli.project_command import ProjectCommand
from leadspiders.commands.connect import ASKED_WRONGLY
from leadspiders.errors import LeadspidersError


class CrawlCommand(ProjectCommand):
    """What is wrong costs one line and exit code 2: before Scrapy starts its logging, and before the first request."""

    @abstractmethod
    def check(self, args: list[str], opts: Namespace) -> None:
        """Raise what is wrong, and complete the settings of the crawl."""

    def process_options(self, args: list[str], opts: Namespace) -> None:
        super().process_options(args, opts)
        try:
            self.check(args, opts)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            sys.exit(ASKED_WRONGLY)
