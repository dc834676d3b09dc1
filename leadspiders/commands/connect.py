"""How a command reaches its campaign and its database, and what becomes of its errors."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import ArgumentError, LeadspidersError
from leadspiders.guard.hash_key import hash_key_at
from leadspiders.guard.keyed_hash import KeyedHash, keyed_hash
from leadspiders.guard.vault import Vault
from leadspiders.stores.embedded.services import ensure
from leadspiders.stores.postgres.failures import store_error
from leadspiders.stores.postgres.pool import Database

ASKED_WRONGLY = 2
LARGEST_FILE = 64 * 1024 * 1024
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended


def database_url(settings: BaseSettings) -> str:
    """Where Postgres is: `DATABASE_URL` when given, else the embedded one, started if it does not run."""
    given = settings["DATABASE_URL"]
    return str(given) if given else ensure(Path(settings["LEADS_HOME"])).database_url


@asynccontextmanager
async def database(settings: BaseSettings) -> AsyncIterator[Database]:
    """The database of the settings, closed at the end."""
    opened = Database(database_url(settings), vault=Vault.of_settings(settings))
    try:
        yield opened
    finally:
        await opened.close()


def campaign(settings: BaseSettings, args: Sequence[str], command: str) -> Campaign:
    """The campaign that is the command's one argument; raises `UsageError` when it is missing or wrong."""
    unknown = [arg for arg in args if arg.startswith("-")]
    if unknown:
        raise ArgumentError(f"scrapy {command} does not know {unknown[0]}: see scrapy {command} -h")
    if len(args) != 1:
        raise ArgumentError(f"name one campaign: scrapy {command} CAMPAIGN (scrapy campaigns lists them)")
    directory = settings.get("LEADS_CAMPAIGNS_DIR")
    return load(args[0], [Path(directory)] if directory else [])


def run(command: ScrapyCommand, work: Coroutine[Any, Any, int]) -> None:
    """Run a command's work; its result is the exit code, an error of ours or of Postgres one line on standard error and
    exit 2.
    """
    try:
        command.exitcode = asyncio.run(work)
        sys.stdout.flush()
    except (LeadspidersError, psycopg.Error) as error:
        print(store_error(error) if isinstance(error, psycopg.Error) else error, file=sys.stderr)
        command.exitcode = ASKED_WRONGLY
    except BrokenPipeError:
        # The reader has seen enough (`scrapy leads C --json | head`). Python flushes once more at exit: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        command.exitcode = INTERRUPTED


def text_of(name: str) -> str:
    """The text of a file that a command was given; raises `ArgumentError` when it is none, or too large to be meant."""
    path = Path(name)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ArgumentError(f"{name} is larger than 64 MB: split it")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ArgumentError(f"{name} cannot be read ({error.strerror}): give the path of a file") from error
    except UnicodeDecodeError as error:
        raise ArgumentError(f"{name} is not UTF-8: save it as CSV UTF-8") from error


def hashes(settings: BaseSettings) -> KeyedHash:
    """Identities as this installation hashes them."""
    return keyed_hash(hash_key_at(database_url(settings), Vault.of_settings(settings)))
