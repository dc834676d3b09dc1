"""`scrapy optout`: who must not be contacted. It acts at once, on what is stored and on what is still to come."""

import argparse
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import database, hashes, text_of
from leadspiders.errors import ArgumentError
from leadspiders.rules import optout_file
from leadspiders.rules.optout import named
from leadspiders.stores.postgres import suppressions

NOT_LISTED = 1


class Command(DatabaseCommand):
    """Keeps hashes only: the list cannot be read back, but each trait can be looked up in it."""

    usage = "add KEY... | import FILE | list | check KEY | remove KEY..."
    summary = "Who must not be contacted: an e-mail, phone, LinkedIn URL or domain; it acts at once"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--reason", default="asked", help="kept with the entry, never a person's data (default: asked)"
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        actions: dict[str, Callable[[list[str], argparse.Namespace], Coroutine[Any, Any, int]]] = {
            "add": self._add,
            "import": self._import,
            "list": self._list,
            "check": self._check,
            "remove": self._remove,
        }
        if not args or args[0] not in actions:
            raise ArgumentError(f"say what to do: scrapy optout {self.syntax()}")
        return await actions[args[0]](args[1:], opts)

    async def _add(self, keys: list[str], opts: argparse.Namespace) -> int:
        """List all of them, or none when one is malformed."""
        entries = [named(key) for key in _some(keys, "add")]
        return await self._listed(entries, opts, bad=0)

    async def _import(self, keys: list[str], opts: argparse.Namespace) -> int:
        """List what the file names; a line that cannot be understood is told and ends with exit code 1."""
        lines = list(optout_file.read(text_of(_one(keys, "import"))))
        bad = [line for line in lines if line.entry is None]
        for line in bad:
            print(f"line {line.number}: {line.problem}", file=sys.stderr)
        if not lines:
            raise ArgumentError(
                "the file names nobody: give one opt-out a line, or columns called email, phone, linkedin, domain"
            )
        return await self._listed([line.entry for line in lines if line.entry], opts, bad=len(bad))

    async def _listed(self, entries: list[tuple[str, str]], opts: argparse.Namespace, *, bad: int) -> int:
        assert self.settings is not None
        hash_of = hashes(self.settings)
        async with database(self.settings) as opened:
            added = await suppressions.add(
                opened, [(kind, hash_of(kind, value)) for kind, value in entries], reason=opts.reason
            )
        if opts.json:
            print(json.dumps({"given": len(entries), "added": added.entries, "leads": added.leads, "malformed": bad}))
        else:
            print(
                f"{len(entries):,} given, {added.entries:,} new on the list; {added.leads:,} leads left the campaigns"
            )
        return 1 if bad else 0

    async def _list(self, keys: list[str], opts: argparse.Namespace) -> int:
        """How many there are: whom they name cannot be told from a hash."""
        assert self.settings is not None
        if keys:
            raise ArgumentError("scrapy optout list takes no KEY: look one up with scrapy optout check KEY")
        async with database(self.settings) as opened:
            found = await suppressions.counts(opened)
        if opts.json:
            rows = [one._asdict() | {"first": one.first.isoformat(), "last": one.last.isoformat()} for one in found]
            print(json.dumps({"total": sum(one.entries for one in found), "by_kind": rows}))
            return 0
        for one in found:
            print(f"{one.entries:>9,}  {one.kind:<9} {one.reason:<24} {one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}")
        print(f"{sum(one.entries for one in found):>9,}  in all")
        return 0

    async def _check(self, keys: list[str], opts: argparse.Namespace) -> int:
        """0 when it is on the list, 1 when not."""
        assert self.settings is not None
        kind, value = named(_one(keys, "check"))
        async with database(self.settings) as opened:
            found = await suppressions.entry(opened, hashes(self.settings)(kind, value))
        if opts.json:
            since = found.added_at.isoformat() if found else None
            print(
                json.dumps({"kind": kind, "opted_out": bool(found), "reason": found and found.reason, "since": since})
            )
        elif found:
            print(f"Opted out on {found.added_at:%Y-%m-%d} ({found.reason}): not stored, bought or sent any more.")
        else:
            print(f"Not on the list: this {kind} may be used.")
        return 0 if found else NOT_LISTED

    async def _remove(self, keys: list[str], opts: argparse.Namespace) -> int:
        """Take off what was listed by mistake: 1 when one of them was not there."""
        assert self.settings is not None
        hash_of = hashes(self.settings)
        wanted = {hash_of(*named(key)) for key in _some(keys, "remove")}
        async with database(self.settings) as opened:
            removed = await suppressions.remove(opened, wanted)
        told = {"removed": len(removed)}
        print(json.dumps(told) if opts.json else f"{len(removed):,} taken off the list")
        return 0 if removed == wanted else NOT_LISTED


def _some(keys: Sequence[str], action: str) -> Sequence[str]:
    if not keys:
        raise ArgumentError(f"whom? scrapy optout {action} KEY, an e-mail, phone, LinkedIn URL or domain")
    return keys


def _one(keys: Sequence[str], action: str) -> str:
    if len(keys) != 1:
        raise ArgumentError(f"give one: scrapy optout {action} {'FILE' if action == 'import' else 'KEY'}")
    return keys[0]
