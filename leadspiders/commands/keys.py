"""`scrapy keys`: which credentials there are, without ever showing one; adds to the sealed file, removes, checks."""

import argparse
import asyncio
import getpass
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from redis.asyncio import Redis
from rich.console import Console
from scrapy.settings import BaseSettings

from leadspiders.apis.registry import APIS
from leadspiders.cli.plain_command import PlainCommand
from leadspiders.commands.connect import ASKED_WRONGLY
from leadspiders.commands.keys_check import NOT_ASKED, WORKS, check
from leadspiders.commands.keys_rotate import rotated, sealing
from leadspiders.commands.preflight import connect
from leadspiders.errors import ArgumentError, LeadspidersError, SetupError
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.keys_file import Entries, Entry, load, locked, save
from leadspiders.guard.pace_ring import ring_of
from leadspiders.guard.secret import is_key
from leadspiders.ops.keys_view import as_object, as_table, key_lines, masked
from leadspiders.spiders.campaign_spider import nearest
from leadspiders.stores.postgres.failures import store_error
from leadspiders.stores.redis.credential_state import CredentialState, credential_states

DOES_NOT_HOLD = 1
ACTIONS = ("list", "add", "remove", "check", "rotate")


class Command(PlainCommand):
    """A key is read from the terminal or from standard input: on a command line, every user of the machine sees it."""

    usage = "[list | add API | remove ID | check [API] | rotate [--new]] [--json]"
    summary = "List, add, remove and check the credentials of the APIs; rotate the encryption key"

    def long_desc(self) -> str:
        return (
            "list: every credential by its id, with the end of the key. add: put one into the sealed file; the key is "
            "asked for, or read from standard input. remove: take one out of the file. check: ask each API that has a "
            "free call whether it takes its credentials; exit code 1 when one is refused. rotate: bring all that is "
            "encrypted under the newest encryption key, beside crawls that go on; exit code 1 when some is left."
        )

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--team", help="add: the team at the provider whose limits the key counts against")
        parser.add_argument("--note", default="", help="add: a word for whoever reads the list")
        parser.add_argument("--new", action="store_true", help="rotate: make the key first")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        action, *rest = args or ["list"]
        try:
            if action not in ACTIONS:
                raise ArgumentError(f"scrapy keys has no action {action!r}{nearest(action, ACTIONS)}")
            wanted = argument(action, rest)
            if problem := self.settings["LEADS_KEYS_PROBLEM"]:
                raise SetupError(problem)
            for setting, value in connect(self.settings).items():
                self.settings.set(setting, value, priority="cmdline")
            self.exitcode = self.do(action, wanted, opts)
        except LeadspidersError as error:
            print(error, file=sys.stderr)
            self.exitcode = ASKED_WRONGLY
        except psycopg.Error as error:
            print(store_error(error), file=sys.stderr)
            self.exitcode = ASKED_WRONGLY

    def do(self, action: str, wanted: str, opts: argparse.Namespace) -> int:
        """Do what was asked; the exit code."""
        assert self.settings is not None
        if action == "list":
            return show(self.settings, as_json=opts.json)
        if action == "check":
            return verdicts(self.settings, wanted, as_json=opts.json)
        if action == "rotate":
            return rotated(self.settings, new=opts.new, as_json=opts.json)
        told = (
            add(self.settings, wanted, Entry(key=typed(wanted), team=opts.team, note=opts.note))
            if action == "add"
            else remove(self.settings, wanted)
        )
        print(json.dumps(told) if opts.json else f"{told['done']} {told['id']} ({told['ending']}), {told['file']}")
        return 0


def argument(action: str, rest: list[str]) -> str:
    """The one word an action takes; raises `ArgumentError` for more, such as a key that was typed."""
    if action == "add":
        if len(rest) != 1:
            raise ArgumentError("name one API and nothing else: scrapy keys add API; the key is asked for")
        taking = tuple(name for name, api in APIS.items() if api.key_name)
        if rest[0] not in taking:
            raise ArgumentError(f"no API {rest[0]!r} takes a key{nearest(rest[0], taking)}")
    if action == "remove" and len(rest) != 1:
        raise ArgumentError("name one credential: scrapy keys remove ID (`scrapy keys` lists them)")
    if action == "check" and rest and (len(rest) > 1 or rest[0] not in APIS):
        raise ArgumentError(f"check all with `scrapy keys check`, or one API of {', '.join(APIS)}")
    if action in ("list", "rotate") and rest:
        raise ArgumentError(f"scrapy keys {action} takes no argument")
    return rest[0] if rest else ""


def typed(api: str) -> str:
    """The key: asked for without showing it, or the first line of standard input."""
    key = (getpass.getpass(f"{APIS[api].key_name}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not key:
        raise ArgumentError(f"no key was given: pipe it in, or type it when asked for {APIS[api].key_name}")
    if not is_key(key):
        raise ArgumentError("that is no key: it has a space, a comma or a character that no key has")
    return key


def add(settings: BaseSettings, api: str, entry: Entry) -> dict[str, str]:
    """Put a key at the end of its API's ring in the file."""
    path = Path(settings["LEADS_KEYS_FILE"])
    with locked(path):
        stored = load(path, sealing(settings))
        one = keyring(settings, {api: [entry]}).ring(api)[0]
        if any(entry.key == known.key for known in stored.get(api, ())):
            raise ArgumentError(f"that key is in {path} already, as {one.id}")
        save(path, stored | {api: [*stored.get(api, ()), entry]}, sealing(settings))
    if settings["LEADS_CREDENTIALS"].get(api) and api not in settings["LEADS_TEAMS"]:
        print(f"{APIS[api].key_name} is set in the environment and wins over the file: unset it", file=sys.stderr)
    return {"done": "added", "id": one.id, "ending": masked(one.secret), "file": str(path)}


def remove(settings: BaseSettings, wanted: str) -> dict[str, str]:
    """Take a key out of the file."""
    path = Path(settings["LEADS_KEYS_FILE"])
    with locked(path):
        stored = load(path, sealing(settings))
        one = keyring(settings, stored).by_id(wanted)
        if one is None:
            elsewhere = Keyring.of_settings(settings).by_id(wanted)
            where = f"it comes from {APIS[elsewhere.api].key_name}" if elsewhere else "`scrapy keys` lists them"
            raise ArgumentError(f"{wanted} is not in {path}: {where}")
        left = {api: [entry for entry in entries if entry.key != one.secret] for api, entries in stored.items()}
        save(path, {api: entries for api, entries in left.items() if entries}, sealing(settings))
    return {"done": "removed", "id": one.id, "ending": masked(one.secret), "file": str(path)}


def show(settings: BaseSettings, *, as_json: bool) -> int:
    """Print the list."""
    stored = load(Path(settings["LEADS_KEYS_FILE"]), sealing(settings))
    in_use = Keyring.of_settings(settings)
    lines = key_lines(
        in_use,
        keyring(settings, stored),
        stored,
        from_file=settings["LEADS_TEAMS"],
        states=asyncio.run(states(settings, in_use)),
    )
    if as_json:
        print(json.dumps(as_object(settings["LEADS_KEYS_FILE"], lines)))
    elif lines:
        Console(width=None if sys.stdout.isatty() else 240, highlight=False, markup=False).print(as_table(lines))
    else:
        print("no credential yet: set one in the environment, or store it with `scrapy keys add API`")
    return 0


def verdicts(settings: BaseSettings, wanted: str, *, as_json: bool) -> int:
    """Ask the APIs, print what they say; 1 when a credential does not work."""
    ring = Keyring.of_settings(settings)
    asked = [
        (one.id, check(APIS[api], one.secret, settings["LEADS_URLS"][api], user_agent=settings["USER_AGENT"]))
        for api in APIS
        if wanted in ("", api)
        for one in ring.ring(api)
    ]
    if as_json:
        print(json.dumps({"credentials": [{"id": name, "verdict": verdict} for name, verdict in asked]}))
    else:
        for name, verdict in asked:
            print(f"{name:24} {verdict}")
    return 0 if all(verdict in (WORKS, NOT_ASKED) for _, verdict in asked) else DOES_NOT_HOLD


def keyring(settings: BaseSettings, stored: Entries) -> Keyring:
    """The keys of the file as credentials."""
    return Keyring.of(
        {api: [entry.key for entry in entries] for api, entries in stored.items()},
        settings["LEADS_HASH_KEY"],
        {api: [entry.team for entry in entries] for api, entries in stored.items()},
    )


async def states(settings: BaseSettings, ring: Keyring) -> dict[str, CredentialState]:
    """What the crawls have found out, by id."""
    keys = [(api, key) for api in ring.apis() for key in ring_of(api, ring)]
    async with Redis.from_url(settings["REDIS_URL"]) as redis:
        return await credential_states(redis, keys, settings["LEADS_URLS"], now=datetime.now(UTC))
