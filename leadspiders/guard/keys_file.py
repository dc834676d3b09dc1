"""The credentials that are kept in a file: sealed by the vault, readable by its owner only, replaced in one step.

For who does not want keys in the environment, where every child process and every crash report can read them. What the
environment gives for an API wins over what the file holds for it.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from filelock import FileLock

from leadspiders.apis.registry import APIS
from leadspiders.errors import SetupError
from leadspiders.guard.secret import Secret, is_key
from leadspiders.guard.vault import Vault

PURPOSE = "keys file"
OWNER_ONLY = 0o600


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One credential; `team` names those who share a limit at the provider, `note` is for people."""

    key: str
    team: str | None = None
    note: str = ""

    def __repr__(self) -> str:
        return f"Entry(team={self.team!r})"


Entries = dict[str, list[Entry]]
"""By API, in the order in which they are tried."""

_read = msgspec.json.Decoder(Entries)


class Rings(NamedTuple):
    """What a crawl goes by: credentials and their teams by API, side by side, and what is wrong with the file."""

    credentials: dict[str, list[str]]
    teams: dict[str, list[str | None]]
    problem: str | None


def rings(environment: Mapping[str, Sequence[str]], path: Path, encryption_keys: Sequence[str]) -> Rings:
    """The credentials of the environment, and of the file for those APIs that have none there.

    A file that cannot be opened is no reason to fail for who only wants to see `scrapy list`: it is told in `problem`.
    """
    problem = None
    try:
        stored = load(path, encryption_keys)
    except SetupError as error:
        stored, problem = {}, str(error)
    credentials: dict[str, list[str]] = {api: [Secret(key) for key in ring] for api, ring in environment.items()}
    teams = {}
    problem = problem or next((bad for api, ring in environment.items() if (bad := _misspelled(api, ring))), None)
    for api, entries in stored.items():
        if not credentials.get(api):
            credentials[api] = [Secret(entry.key) for entry in entries]
            teams[api] = [entry.team for entry in entries]
    return Rings(credentials, teams, problem)


def _misspelled(api: str, ring: Sequence[str]) -> str | None:
    bad = next((place for place, key in enumerate(ring, 1) if not is_key(key)), None)
    if bad is None:
        return None
    return f"{APIS[api].key_name}: key {bad} has a space or a letter that no key has: copy it anew"


def load(path: Path, encryption_keys: Sequence[str]) -> Entries:
    """What the file holds; nothing when there is none. Raises `SetupError` when it cannot be read."""
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}): it belongs to the user who made it") from None
    try:
        return _read.decode(Vault.of(encryption_keys).open(sealed, PURPOSE))
    except SetupError as error:
        raise SetupError(f"{path}: {error}") from None
    except msgspec.DecodeError:
        raise SetupError(f"{path}: the {PURPOSE} does not hold keys: restore it from a backup, or remove it") from None


def save(path: Path, entries: Entries, encryption_keys: Sequence[str]) -> None:
    """Replace the file in one step: a crash leaves the old one or the whole new one, never half of it."""
    sealed = Vault.of(encryption_keys).seal(msgspec.json.encode(entries), PURPOSE)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}): see LEADS_KEYS_FILE") from None
    finally:
        fresh.unlink(missing_ok=True)


def locked(path: Path) -> FileLock:
    """Held from reading to writing, so that two people who add a key at the same time both have theirs in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{path.parent} cannot be made ({error.strerror}): see LEADS_KEYS_FILE") from None
    return FileLock(path.with_name(f".{path.name}.lock"), mode=OWNER_ONLY)
