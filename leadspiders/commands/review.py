"""`scrapy review C`: pairs of companies and people that may be one, and what people decide of them."""

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadspiders.campaigns.loader import available, load
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database, hashes
from leadspiders.errors import ArgumentError, CampaignError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.rules.scores import scores
from leadspiders.stores.postgres.pairs import keep_apart, merge_pair, open_pairs

DECISIONS = ("merge", "apart")
ON_SCREEN = 20


class Command(DatabaseCommand):
    """Lists what is undecided, the most alike first; `merge` and `apart` decide one pair by its id."""

    usage = "[options] CAMPAIGN | merge ID | apart ID"
    summary = "Records that may be one company or person: lists them, merges two or keeps them apart"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=ON_SCREEN, metavar="N", help=f"at most N (default {ON_SCREEN})"
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        decides = len(args) == 2 and args[0] in DECISIONS
        return await (self._decide(args[0], args[1], opts) if decides else self._list(args, opts))

    async def _list(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        wanted = campaign(self.settings, args, "review")
        if opts.limit < 1:
            raise ArgumentError(f"--limit {opts.limit}: write a whole number, 1 or more")
        async with database(self.settings) as opened:
            pairs = await open_pairs(opened, wanted.name, opts.limit)
        if opts.json:
            print(json.dumps({"campaign": wanted.name, "pairs": pairs}, default=str, ensure_ascii=False))
        elif pairs:
            Console().print(_table(pairs))
            print("Decide with `scrapy review merge ID` (cannot be undone) or `scrapy review apart ID`.")
        else:
            print("Nothing waits for a decision.")
        return 0

    def _scores(self) -> dict[str, Callable[[Contact | Company], Scores]]:
        """By what each campaign whose file is right judges a lead."""
        assert self.settings is not None
        directory = self.settings.get("LEADS_CAMPAIGNS_DIR")
        directories = [Path(directory)] if directory else []
        judges: dict[str, Callable[[Contact | Company], Scores]] = {}
        for listed in available(directories):
            with suppress(CampaignError):
                judges[listed.name] = partial(scores, campaign=load(listed.name, directories))
        return judges

    async def _decide(self, decision: str, number: str, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if not number.isdecimal():
            raise ArgumentError(f"scrapy review {decision} {number}: give the pair's id, a number")
        async with database(self.settings) as opened:
            if decision == "apart":
                await keep_apart(opened, int(number))
                told: dict[str, Any] = {"pair": int(number), "decision": "apart"}
            else:
                kept, gone = await merge_pair(opened, int(number), hashes(self.settings), self._scores())
                told = {"pair": int(number), "decision": "merged", "kept": str(kept), "gone": str(gone)}
        print(json.dumps(told) if opts.json else f"Pair {number}: {told['decision']}.")
        return 0


def _table(pairs: list[dict[str, Any]]) -> Table:
    table = Table("id", "one", "other", "why", box=None, pad_edge=False)
    for pair in pairs:
        table.add_row(str(pair["id"]), Text(_side(pair["one"])), Text(_side(pair["other"])), Text(pair["ground"]))
    return table


def _side(row: Mapping[str, Any]) -> str:
    place = ", ".join(row[name] for name in ("city", "state") if row[name])
    known = [row.get(name) for name in ("name", "title", "company", "domain", "uei", "linkedin_url", "street")]
    return "\n".join(str(value) for value in (*known, place) if value)
