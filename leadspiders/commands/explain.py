"""`scrapy explain KEY`: why a lead was chosen, from where each field is, and what it cost."""

import argparse
import json
from pathlib import Path

from rich.console import Console

from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import database, hashes
from leadspiders.errors import ArgumentError, CampaignError
from leadspiders.ops.explain_view import show
from leadspiders.ops.explanation import explanation
from leadspiders.ops.raw_records import raw_records
from leadspiders.rules.lookup_key import lookup_key
from leadspiders.stores.postgres.dossier import MOST, Dossier, dossiers
from leadspiders.stores.postgres.suppressions import entry

NOT_FOUND = 1


class Command(DatabaseCommand):
    """Looks a lead up by whatever is known of it; by an employer's domain or UEI, the employer."""

    usage = "[options] KEY"
    summary = "Why a lead was chosen: points and evidence, what would raise them, where each field is from"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--raw", action="store_true", help="the raw records and bought replies as well, as they came"
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """0 when the key is found, 1 when nobody is stored under it."""
        assert self.settings is not None
        if len(args) != 1:
            raise ArgumentError("name one lead: scrapy explain KEY, an id, e-mail, LinkedIn URL, phone, domain or UEI")
        key = lookup_key(args[0])
        hash_of = hashes(self.settings)
        async with database(self.settings) as opened:
            found = await dossiers(opened, key.kind, key.value, hash_of)
            listed = await entry(opened, hash_of(key.kind, key.value))
            raws = [await raw_records(opened, dossier) for dossier in found] if opts.raw else []
        campaigns = self._campaigns(found)
        told = [explanation(dossier, campaigns) for dossier in found]
        for one, records in zip(told, raws, strict=False):
            one["raw_records"] = records
        opted_out = listed and f"opted out on {listed.added_at:%Y-%m-%d} ({listed.reason})"
        if opts.json:
            print(json.dumps({"key": key.kind, "opted_out": opted_out, "found": told}, ensure_ascii=False, default=str))
            return 0 if told else NOT_FOUND
        console = Console()
        for one in told:
            console.print(show(one, console.width), soft_wrap=False)
            for record in one.get("raw_records", ()):
                place = "" if record["index"] is None else f", record {record['index']} of it"
                print(f"\nRaw record {record['receipt']} of {record['source']}{place}:")
                print(record["body"] if record["body"] is not None else "(deleted for its age)")
        if len(told) == MOST:
            console.print(f"[dim]The first {MOST} only: name one of them by its id.[/dim]")
        if opted_out:
            console.print(f"{args[0]}: {opted_out}", style="yellow", highlight=False)
        elif not told:
            console.print(
                f"Nobody is stored under this {key.kind}: `scrapy leads CAMPAIGN` lists who is.", highlight=False
            )
        return 0 if told else NOT_FOUND

    def _campaigns(self, found: list[Dossier]) -> dict[str, Campaign]:
        """The campaigns of these leads whose file is still there and right."""
        assert self.settings is not None
        directory = self.settings.get("LEADS_CAMPAIGNS_DIR")
        loaded = {}
        for name in {standing.campaign for dossier in found for standing in dossier.standings}:
            try:
                loaded[name] = load(name, [Path(directory)] if directory else [])
            except CampaignError:
                continue
        return loaded
