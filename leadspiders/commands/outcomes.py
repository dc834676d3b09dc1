"""`scrapy outcomes import FILE`: what became of leads, as the CRM tells it."""

import argparse
import json
import sys
from collections import defaultdict
from typing import Any

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database, hashes, text_of
from leadspiders.errors import ArgumentError
from leadspiders.rules import outcome_file
from leadspiders.rules.lookup_key import Key
from leadspiders.stores.postgres import lead_outcomes
from leadspiders.stores.postgres.pool import Database

IN_CLEAR = ("id", "uei", "company-linkedin")
MOST_TOLD = 20


class Command(DatabaseCommand):
    """Reads who was won and who was lost from a CSV file; what is still open is passed over."""

    usage = "import FILE -a campaign=CAMPAIGN"
    summary = "Take in what became of leads: a CSV with a lead (id, e-mail, domain ...) and an outcome (won, lost)"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("-a", dest="argument", metavar="campaign=CAMPAIGN", help="whose leads they are")
        parser.add_argument("--source", default="file", help="where they are from, such as hubspot (default: file)")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """0 when every line was understood and found, 1 when not; what was good is kept either way."""
        assert self.settings is not None
        if len(args) != 2 or args[0] != "import":
            raise ArgumentError(f"say what to do: scrapy outcomes {self.syntax()}")
        name, _, value = (opts.argument or "").partition("=")
        if name != "campaign" or not value:
            raise ArgumentError("whose leads? Add -a campaign=NAME (`scrapy campaigns` lists them)")
        wanted = campaign(self.settings, [value], "outcomes")
        lines = list(outcome_file.read(text_of(args[1])))
        ended = [line for line in lines if line.outcome]
        async with database(self.settings) as opened:
            leads = await self._leads(
                opened, wanted.name, {line.number: line.outcome.key for line in ended if line.outcome}
            )
            known = [
                lead_outcomes.Known(
                    lead_id=leads[line.number],
                    outcome=line.outcome.kind,
                    happened_at=line.outcome.at,
                    value_usd=line.outcome.value_usd,
                )
                for line in ended
                if line.outcome and line.number in leads
            ]
            fresh, overwritten = await lead_outcomes.record(opened, wanted.name, known, source=opts.source)
        problems = [(line.number, line.problem) for line in lines if line.problem]
        problems += [(line.number, "it names no lead of this campaign") for line in ended if line.number not in leads]
        for number, problem in sorted(problems)[:MOST_TOLD]:
            print(f"line {number}: {problem}", file=sys.stderr)
        if len(problems) > MOST_TOLD:
            print(f"... and {len(problems) - MOST_TOLD:,} lines more", file=sys.stderr)
        still_open = len(lines) - len(ended) - sum(bool(line.problem) for line in lines)
        told = {
            "lines": len(lines),
            "new": fresh,
            "overwritten": overwritten,
            "open": still_open,
            "problems": len(problems),
        }
        print(json.dumps(told) if opts.json else ", ".join(f"{number:,} {name}" for name, number in told.items()))
        return 1 if problems else 0

    async def _leads(self, opened: Database, campaign_name: str, keys: dict[int, Key]) -> dict[int, Any]:
        assert self.settings is not None
        hash_of = hashes(self.settings)
        by_kind: dict[str, dict[int, object]] = defaultdict(dict)
        for number, key in keys.items():
            by_kind[key.kind][number] = key.value if key.kind in IN_CLEAR else hash_of(*key)
        found: dict[int, Any] = {}
        for kind, wanted in by_kind.items():
            found |= await lead_outcomes.find(opened, campaign_name, kind, wanted)
        return found
