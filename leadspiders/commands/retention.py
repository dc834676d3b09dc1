"""`scrapy retention run [C]`: let go of what has been kept long enough."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.table import Table

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database, database_url
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


class Command(DatabaseCommand):
    """By the campaigns' own `[retention]`; may be stopped, started again and run beside crawls."""

    usage = "[options] run [CAMPAIGN]"
    summary = "Delete what has been kept long enough: raw records, people that did not convert, replies, audit"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and delete nothing")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
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
                dry=opts.dry_run,
            )
            steps = await retainer.run(name)
        if opts.json:
            print(json.dumps({"dry_run": opts.dry_run, "steps": [asdict(step) for step in steps]}, default=str))
        else:
            Console().print(_table(steps, dry=opts.dry_run))
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
