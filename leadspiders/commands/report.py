"""`scrapy report C`: how the campaign went, on the terminal and as a page to pass on."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.closed import closed_for
from leadspiders.commands.connect import campaign, database
from leadspiders.ops.report.collect import collect
from leadspiders.ops.report.formats import FORMATS, KINDS, as_json, check, write
from leadspiders.ops.report.terminal import terminal


class Command(DatabaseCommand):
    """Prints the report and writes it to a file; with --json only prints it, as one object."""

    summary = "The report of a campaign: verdict, figures, charts, leads with the why, what to do next"
    json_option = "one JSON object on standard output, no file"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--kind", default="final", help=f"{', '.join(KINDS)} (default: final)")
        parser.add_argument("--format", default="html", help=f"{', '.join(FORMATS)} (default: html)")
        parser.add_argument("-o", "--output", metavar="DIR", default="reports", help="folder (default: reports)")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """Collect, print, write. A goal that was missed is no error of the report: it exits 0."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "report")
        check(opts.kind, opts.format)
        async with database(self.settings) as opened:
            closed = await closed_for(self.settings)
            data = await collect(opened, wanted, kind=opts.kind, now=datetime.now(UTC), closed=closed)
        if opts.json:
            print(as_json(data))
            return 0
        path = write(data, opts.format, Path(opts.output))
        console = Console()
        console.print(terminal(data))
        console.print(f"\n{path}", style="bold", markup=False, soft_wrap=True)
        return 0
