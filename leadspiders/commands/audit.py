"""`scrapy audit verify|export`: whether the trail of requests is as it was written, and the trail as a file."""

import argparse
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import database, database_url
from leadspiders.errors import ArgumentError
from leadspiders.guard.hash_key import hash_key_at
from leadspiders.guard.keyed_hash import keyed_hash
from leadspiders.guard.vault import Vault
from leadspiders.ops.leads.file import write_leads, writer_of
from leadspiders.rules.audit_chain import Chain, Entry
from leadspiders.rules.audit_url import plain
from leadspiders.rules.lookup_key import lookup_key
from leadspiders.stores.postgres.audit import Verdict, select_rows, verify
from leadspiders.stores.postgres.pool import Database

NOTED = re.compile(r"(\d+):([0-9a-f]{8,64})")


class Command(DatabaseCommand):
    """`verify` exits 1 when a row is not as it was written; `export` writes rows to a jsonl, csv or xlsx file."""

    usage = "[options] verify | export -o FILE"
    summary = "Whether the trail of all requests is as it was written; and the trail as a file"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--noted", metavar="NUMBER:HASH", help="verify: a row that an earlier verify printed")
        parser.add_argument("-o", "--output", metavar="FILE", help="export: write to FILE: .jsonl, .csv or .xlsx")
        parser.add_argument("--from", dest="since", metavar="DATE", help="export: requests of this day (UTC) and later")
        parser.add_argument("--to", dest="until", metavar="DATE", help="export: requests of this day (UTC) and earlier")
        whom = "export: requests that named this e-mail, LinkedIn URL, phone or provider:id"
        parser.add_argument("--about", metavar="TEXT", help=whom)

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        if args not in (["verify"], ["export"]):
            raise ArgumentError("say scrapy audit verify, or scrapy audit export -o FILE")
        noted, since, until = _noted(opts.noted), _day("--from", opts.since), _day("--to", opts.until)
        path = _path(opts.output) if args == ["export"] else None
        key = hash_key_at(database_url(self.settings), Vault.of_settings(self.settings))
        async with database(self.settings) as opened:
            if path:
                about = opts.about and [keyed_hash(key)("audit", text) for text in spellings(opts.about)]
                rows = _asked_for(opened, since, until and until + timedelta(days=1), about)
                written = await write_leads(rows, path)
                print(json.dumps({"rows": written}) if opts.json else f"{written:,} requests written to {path}")
                return 0
            verdict = await verify(opened, Chain(key), known=noted)
        print(json.dumps(_as_object(verdict)) if opts.json else _told(verdict))
        return 1 if verdict.problem else 0


async def _asked_for(
    opened: Database, since: datetime | None, until: datetime | None, about: Sequence[bytes] | None
) -> AsyncIterator[dict[str, Any]]:
    async for row in select_rows(opened, since=since, until=until):
        if not about or any(_names(row.entry, one) for one in about):
            told = asdict(row.entry)
            told["subjects"] = told.pop("subject_count")
            yield {"number": row.number} | told | {"hash": row.hash.hex()}


def spellings(text: str) -> list[str]:
    """What somebody may be hashed under who is asked for by this text: as it was typed, and in canonical form."""
    found = {plain(text)}
    with suppress(ArgumentError):
        found.add(plain(lookup_key(text).value))
    return sorted(found)


def _names(entry: Entry, digest: bytes) -> bool:
    """Whether a request named who has this hash, in its URL or in its body."""
    starts = range(0, len(entry.subjects), len(digest))
    return digest.hex() in entry.url or any(entry.subjects.startswith(digest, start) for start in starts)


def _as_object(verdict: Verdict) -> dict[str, Any]:
    noted = f"{verdict.head.number}:{verdict.head.hash.hex()}"
    whole = verdict.problem is None
    return {
        "whole": whole,
        "problem": verdict.problem,
        "rows": verdict.rows,
        "dropped": verdict.dropped,
        "noted": noted if whole else None,
    }


def _told(verdict: Verdict) -> str:
    if verdict.problem:
        return f"The audit trail is not as it was written: {verdict.problem}. {verdict.rows:,} rows before are whole."
    lines = [f"The audit trail is whole: {verdict.rows:,} requests, {verdict.dropped:,} older ones dropped."]
    if verdict.head.number:
        lines += ["Note this where nobody reaches both it and the database; later, --noted holds the trail against it:"]
        lines += [f"{verdict.head.number}:{verdict.head.hash.hex()}"]
    return "\n".join(lines)


def _noted(text: str | None) -> tuple[int, str] | None:
    if not text:
        return None
    found = NOTED.fullmatch(text.strip().lower())
    if not found:
        raise ArgumentError(f"--noted {text}: give NUMBER:HASH as an earlier scrapy audit verify printed it")
    return int(found[1]), found[2]


def _day(option: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentError(f"{option} {text}: give a day as 2026-01-31") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _path(output: str | None) -> Path:
    if not output:
        raise ArgumentError("say where to: scrapy audit export -o FILE")
    path = Path(output)
    writer_of(path)
    return path
