"""`scrapy leads C`: the leads, on the terminal or into a file."""

import argparse
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from rich.console import Console

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database
from leadspiders.errors import ArgumentError
from leadspiders.ops.leads.cells import text
from leadspiders.ops.leads.file import write_leads, writer_of
from leadspiders.ops.leads.table import table
from leadspiders.stores.postgres.leads import select_leads

STATES = ("identified", "enriched", "ready")
ON_SCREEN = 20  # leads on a terminal, unless --limit says otherwise; a file gets all


class Command(DatabaseCommand):
    """Prints the best leads first; with -O it writes all of them to a csv, xlsx or jsonl file."""

    summary = "The leads of a campaign, as a table or as a csv, xlsx or jsonl file"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("-O", "--output", metavar="FILE", help="write to FILE: .csv, .xlsx or .jsonl")
        parser.add_argument("--limit", metavar="N", help=f"at most N leads (terminal: {ON_SCREEN}, file: all)")
        parser.add_argument("--state", default="ready", help=f"{', '.join(STATES)} (default: ready)")
        parser.add_argument("--min-fit", metavar="N", help="only leads with a fit score of N or more (0-100)")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print or write them; an empty result is no error."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "leads")
        if opts.state not in STATES:
            raise ArgumentError(f"--state {opts.state}: say {', '.join(STATES)}")
        limit, min_fit = _number("--limit", opts.limit, 1), _number("--min-fit", opts.min_fit, 0)
        path = Path(opts.output) if opts.output else None
        if path:
            writer_of(path)  # a wrong ending is told before the database is asked
        elif limit is None and not opts.json:
            limit = ON_SCREEN
        async with database(self.settings) as opened:
            leads = select_leads(opened, wanted.name, state=opts.state, min_fit=min_fit, limit=limit, lead=wanted.lead)
            if path:
                return _written(await write_leads(leads, path), path, as_json=opts.json)
            return await _printed(leads, wanted.name, opts.state, as_json=opts.json)


def _number(option: str, given: str | None, least: int) -> int | None:
    if given is None:
        return None
    if not given.isdecimal() or int(given) < least:
        raise ArgumentError(f"{option} {given}: write a whole number, {least} or more")
    return int(given)


def _written(number: int, path: Path, *, as_json: bool) -> int:
    print(json.dumps({"file": str(path), "leads": number}) if as_json else f"{number:,} leads in {path}")
    return 0


async def _printed(leads: AsyncIterator[dict[str, Any]], name: str, state: str, *, as_json: bool) -> int:
    found = [lead async for lead in leads]
    if as_json:
        print(json.dumps({"campaign": name, "leads": found}, ensure_ascii=False, default=text))
    elif found:
        console = Console()
        console.print(table(found, console.width))
    else:
        print(f"No lead is {state} yet: `scrapy status {name}` says what there is.")
    return 0
