"""`scrapy check`: the contracts in the callbacks' docstrings, offline, against the sandbox. Writes nothing anywhere."""

import argparse
import sys
from pathlib import Path

from scrapy.commands.check import Command as ScrapyCheck

from leadspiders.commands.connect import ASKED_WRONGLY
from leadspiders.errors import LeadspidersError
from leadspiders.sandbox.addresses import ADDRESSES, CREDENTIALS
from leadspiders.stores.embedded.services import ensure_sandbox

CAMPAIGN = "dpc_employers"
"""The one that uses every source."""

ALONE = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter",
    "SPIDER_MIDDLEWARES": {},
    "DOWNLOADER_MIDDLEWARES": {},
    "EXTENSIONS": {},
}
"""Contracts look at callbacks: no queue, no receipts, no stages, so neither Postgres nor Redis is needed."""


class Command(ScrapyCheck):
    """Scrapy's own command with our campaign and the sandbox's addresses."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            base_url = ensure_sandbox(Path(self.settings["LEADS_HOME"]), seed=7, people=300, companies=120)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            sys.exit(ASKED_WRONGLY)
        opts.spargs.setdefault("campaign", CAMPAIGN)
        urls = {name.lower(): base_url + prefix for name, prefix in ADDRESSES.items()}
        keys = {name: list(CREDENTIALS.values())[:1] for name in urls}
        for setting, value in (ALONE | {"LEADS_URLS": urls, "LEADS_CREDENTIALS": keys}).items():
            self.settings.set(setting, value, priority="cmdline")
