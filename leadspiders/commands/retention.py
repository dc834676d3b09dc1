"""`scrapy retention run [C]`: let go of what has been kept long enough."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, ClassVar

from rich import box
from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from leadspiders.commands.connect import campaign, database, database_url, run
from leadspiders.commands.policies import policies
from leadspiders.errors import ArgumentError
from leadspiders.guard.hash_key import hash_key_at
from leadspiders.guard.keyed_hash import keyed_hash
from leadspiders.guard.vault import Vault
from leadspiders.rules.audit_chain import Chain
from leadspiders.stores.postgres.retention import Retainer, Step

_WHAT = {
    "raw": "raw records",
    "leads": "people that did not convert",
    "parked": "contents of parked records",
    "replies": "paid replies",
    "audit": "rows of the audit trail",
}


class Command(ScrapyCommand):
    """By the campaigns' own `[retention]`; may be stopped, started again and run beside crawls."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] run [CAMPAIGN]"

    def short_desc(self) -> str:
        return "Delete what has been kept long enough: raw records, people that did not convert, replies, audit"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and delete nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        run(self, self._run(args, dry=opts.dry_run, as_json=opts.json))

    async def _run(self, args: list[str], *, dry: bool, as_json: bool) -> int:
        assert self.settings is not None
        if args[:1] != ["run"]:
            raise ArgumentError("say scrapy retention run, or scrapy retention run CAMPAIGN")
        name = campaign(self.settings, args[1:], "retention run").name if args[1:] else None
        key = hash_key_at(database_url(self.settings), Vault.of_settings(self.settings))
        async with database(self.settings) as opened:
            retainer = Retainer(
                opened,
                rules=policies(self.settings),
                chain=Chain(key),
                keyed_hash=keyed_hash(key),
                now=datetime.now(UTC),
                dry=dry,
            )
            steps = await retainer.run(name)
        if as_json:
            print(json.dumps({"dry_run": dry, "steps": [asdict(step) for step in steps]}, default=str))
        else:
            Console().print(_table(steps, dry=dry))
        return 0


def _table(steps: list[Step], *, dry: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for heading in ("campaign", "what", "kept for"):
        table.add_column(heading)
    table.add_column("would go" if dry else "gone", justify="right")
    table.add_column("next due")
    for step in steps:
        due = f"{step.next_due:%Y-%m-%d}" if step.next_due else "-"
        what = "people in no campaign" if step.kind == "leads" and step.campaign is None else _WHAT[step.kind]
        table.add_row(step.campaign or "(all)", what, f"{step.days} days", f"{step.gone:,}", due)
    return table
