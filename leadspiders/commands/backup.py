"""`scrapy backup run|verify|restore`: copies of the database, rehearsed, and who was erased stays erased."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import database_url
from leadspiders.commands.policies import backup_days
from leadspiders.errors import ArgumentError, StoreError
from leadspiders.guard.vault import Vault
from leadspiders.ops.wording import count
from leadspiders.stores.postgres import backup as backups
from leadspiders.stores.postgres.backup import Backup
from leadspiders.stores.postgres.failures import address
from leadspiders.stores.postgres.restore import Restored, must_be_intact, restore, verify


class Command(DatabaseCommand):
    """`verify` exits 1 when not every row comes back, or a key is missing that the copy needs."""

    usage = "[options] run | verify [FILE] | restore FILE --into URL"
    summary = "Back the database up, rehearse the restore, restore"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("-o", "--output", metavar="DIR", help="folder of the backups (LEADS_HOME/backups)")
        parser.add_argument("--into", metavar="URL", help="restore: an empty database; made if it is not there")
        parser.add_argument("--lost", action="store_true", help="restore: though nobody can say who was erased since")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        folder = _path(opts.output or f"{self.settings['LEADS_HOME']}/{backups.FOLDER}")
        match args:
            case ["run"]:
                return self._run(folder, as_json=opts.json)
            case ["verify", *files] if len(files) <= 1:
                return await self._verify(_chosen(folder, files), as_json=opts.json)
            case ["restore", file] if opts.into:
                return await self._restore(backups.read(_path(file)), opts)
        raise ArgumentError("say scrapy backup run, verify [FILE], or restore FILE --into URL")

    def _run(self, folder: Path, *, as_json: bool) -> int:
        assert self.settings is not None
        now = datetime.now(UTC)
        made = backups.make(database_url(self.settings), folder, now=now)
        dropped = backups.drop_old(folder, days=backup_days(self.settings), now=now)
        rows = sum(made.manifest.tables.values())
        if as_json:
            told = {"file": str(made.file), "bytes": made.manifest.bytes, "rows": rows, "keys": made.manifest.keys}
            print(json.dumps(told | {"dropped": [str(file) for file in dropped]}))
            return 0
        print(f"{count(rows)} rows in {made.file} ({made.manifest.bytes / 1e6:,.1f} MB)")
        if dropped:
            print(f"{len(dropped)} older backups deleted")
        print(f"Rehearse it: scrapy backup verify. The encryption keys {', '.join(made.manifest.keys)} are not in it.")
        return 0

    async def _verify(self, chosen: Backup, *, as_json: bool) -> int:
        assert self.settings is not None
        found = await verify(chosen, database_url(self.settings))
        missing = self._missing_keys(chosen)
        told = _as_object(chosen, found) | {"missing_keys": missing}
        problems = _problems(found)
        if missing:
            problems.append(f"the encryption key {', '.join(missing)} is not here: sealed values would stay closed")
        return _told(told, problems, f"{chosen.file}: every row comes back", as_json=as_json)

    async def _restore(self, chosen: Backup, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        try:
            where = address(opts.into)
        except StoreError:
            raise ArgumentError("--into is no Postgres URL: postgresql://user:password@host:port/database") from None
        must_be_intact(chosen)
        found = await restore(chosen, opts.into, living=None if opts.lost else database_url(self.settings))
        good = f"{chosen.file} is restored into {where}: set DATABASE_URL to it"
        return _told(_as_object(chosen, found), _problems(found), good, as_json=opts.json)

    def _missing_keys(self, chosen: Backup) -> list[str]:
        assert self.settings is not None
        known = {one.hex() for one in Vault.of_settings(self.settings).ids}
        return [key for key in chosen.manifest.keys if key not in known]


def _path(name: str) -> Path:
    return Path(name).absolute()


def _chosen(folder: Path, files: list[str]) -> Backup:
    if files:
        return backups.read(_path(files[0]))
    found = backups.backups(folder)
    if not found:
        raise StoreError(f"there is no backup in {folder}: `scrapy backup run` makes one")
    return found[0]


def _as_object(chosen: Backup, found: Restored) -> dict[str, Any]:
    return {
        "file": str(chosen.file),
        "made_at": chosen.manifest.made_at.isoformat(),
        "whole": found.whole,
        "differences": found.differences,
        "erased_again": found.erased,
        "opt_outs_since": found.opt_outs,
    }


def _problems(found: Restored) -> list[str]:
    return [
        f"{table}: {count(there)} rows of {count(expected)} came back"
        for table, (expected, there) in found.differences.items()
    ]


def _told(told: dict[str, Any], problems: list[str], good: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(told))
    else:
        print("\n".join(problems) or good)
        print(f"{count(told['erased_again'])} rows that were erased since are erased in it too")
    return 1 if problems else 0
