"""`scrapy campaigns`: which campaigns there are, and whether one says what it should before anything is crawled."""

import json
import sys
from argparse import Namespace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadspiders.campaigns.loader import available, load
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.summary import goal, summary
from leadspiders.cli.plain_command import PlainCommand
from leadspiders.errors import ArgumentError, CampaignError, LeadspidersError

ASKED_WRONGLY = 2


class Command(PlainCommand):
    """Lists campaigns, or checks one."""

    usage = "[check NAME_OR_FILE] [--json]"
    summary = "List the campaigns, or check one"
    json_option = "print one JSON object"

    def run(self, args: list[str], opts: Namespace) -> None:
        try:
            if not args:
                self._list(as_json=opts.json)
            elif args[0] == "check" and len(args) == 2 and not args[1].startswith("-"):
                self._check(args[1], as_json=opts.json)
            else:
                raise ArgumentError("say `scrapy campaigns`, or `scrapy campaigns check NAME_OR_FILE`")
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            self.exitcode = ASKED_WRONGLY

    def _directories(self) -> list[str]:
        assert self.settings is not None
        directory = self.settings.get("LEADS_CAMPAIGNS_DIR")
        return [directory] if directory else []

    def _list(self, *, as_json: bool) -> None:
        rows = []
        for name, title, path in available(self._directories()):
            campaign = _loaded(path)
            goals = {"leads": campaign.goals.leads, "hours": campaign.goals.hours} if campaign else None
            told = goal(campaign) if campaign else f"not valid: scrapy campaigns check {name}"
            rows.append(
                {"name": name, "title": title, "file": path, "valid": campaign is not None, "goal": goals} | {"_": told}
            )
        if as_json:
            print(json.dumps({"campaigns": [{key: row[key] for key in row if key != "_"} for row in rows]}))
            return
        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        table.add_column("name", no_wrap=True)
        table.add_column("title")
        table.add_column("goal")
        table.add_column("file", overflow="fold")
        for row in rows:
            table.add_row(*(str(row[key]) for key in ("name", "title", "_", "file")))
        _console().print(table)

    def _check(self, name_or_file: str, *, as_json: bool) -> None:
        try:
            campaign = load(name_or_file, self._directories())
        except CampaignError as error:
            if as_json:
                print(json.dumps({"valid": False, "problems": str(error).splitlines()}))
            raise
        if as_json:
            print(json.dumps({"valid": True, "problems": [], "campaign": campaign.model_dump(mode="json")}))
            return
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        for label, text in summary(campaign):
            table.add_row(label, text)
        console = _console()
        console.print(Text(campaign.title, style="bold"), "is a valid campaign")
        console.print(table)


def _loaded(path: str) -> Campaign | None:
    try:
        return load(path)
    except CampaignError:
        return None


def _console() -> Console:
    # Into a pipe rich would fold at 80 columns, in the middle of a path.
    return Console(width=None if sys.stdout.isatty() else 240, highlight=False, markup=False)
