"""`scrapy experiment C`: which variant of the score converts better; or what other weights would make of the leads."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from rich.console import Console

from leadspiders.campaigns.loader import load
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database
from leadspiders.errors import ArgumentError
from leadspiders.ops.experiment_view import comparison, difference
from leadspiders.ops.what_if import what_if
from leadspiders.stores.postgres.lead_outcomes import arms
from leadspiders.stores.postgres.status import status
from leadspiders.stores.postgres.stored_leads import stored_leads

COMPARE = "leadspiders.ops.experiment:compare"
"""By path: every command is imported by every other, and statsmodels takes two seconds."""
DETECT = 0.25


class Command(DatabaseCommand):
    """Compares what became of leads by the variant that judged them; with --what-if it scores the stored ones anew."""

    summary = "Variants of the score against conversions, or what other weights would make of the stored leads"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--what-if", metavar="FILE", help="a campaign file whose weights are tried on what is stored"
        )
        parser.add_argument(
            "--detect",
            default=str(DETECT),
            metavar="SHARE",
            help="least relative difference worth knowing (default: 0.25)",
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """0, whatever the verdict: too early is an answer."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "experiment")
        directory = self.settings.get("LEADS_CAMPAIGNS_DIR")
        other = load(opts.what_if, [Path(directory)] if directory else []) if opts.what_if else None
        if other and other.lead != wanted.lead:
            raise ArgumentError(f"{opts.what_if} counts a {other.lead} as a lead, {wanted.name} a {wanted.lead}")
        detect = _share(opts.detect)
        async with database(self.settings) as opened:
            if other:
                spent = (await status(opened, wanted.name, lead=wanted.lead))["spend_usd"]
                told = await what_if(
                    wanted, other, stored_leads(opened, wanted.name, lead=wanted.lead), spent_usd=spent
                )
            else:
                compare: Callable[..., dict[str, Any]] = resolve_name(COMPARE)
                told = compare(wanted, await arms(opened, wanted.name), detect=detect)
        if opts.json:
            print(json.dumps(told, ensure_ascii=False))
        else:
            Console().print(difference(told) if other else comparison(told))
        return 0


def _share(given: str) -> float:
    try:
        share = float(given)
    except ValueError:
        share = 0.0
    if not 0.01 <= share <= 2:
        raise ArgumentError(f"--detect {given}: write a share from 0.01 to 2, such as 0.25")
    return share
