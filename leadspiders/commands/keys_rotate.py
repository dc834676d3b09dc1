"""`scrapy keys rotate`: all that is encrypted under a new key, the file of the credentials too."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from scrapy.settings import BaseSettings

from leadspiders.guard.encryption_keys import all_keys, make_key
from leadspiders.guard.keys_file import load, locked, save
from leadspiders.guard.rotation import Rotation, rotate
from leadspiders.guard.vault import Vault
from leadspiders.stores.postgres.backup import FOLDER, backups
from leadspiders.stores.postgres.pool import Database

STEPS = (
    "Add this key behind the old one on every machine: LEADS_ENCRYPTION_KEYS=old,new. Start the crawls again.",
    "Put it in front on every machine: LEADS_ENCRYPTION_KEYS=new,old. Start the crawls again.",
    "scrapy keys rotate, on one of them.",
    "Take the old key out once rotate says that it may be removed.",
)
"""The new key opens everywhere before it seals anywhere."""


def rotated(settings: BaseSettings, *, new: bool, as_json: bool) -> int:
    """Rotate, and print what is left; 1 when an old key cannot be removed yet."""
    vault = Vault.of_settings(settings)
    if new and vault.from_file is None:
        return _told_to_set(make_key(), as_json=as_json)
    if new:
        vault.add_key()
    _seal_credentials(settings)
    done = asyncio.run(_rotate(settings["DATABASE_URL"], vault))
    needing = {id_: _needing(Path(settings["LEADS_HOME"]) / FOLDER, id_) for id_ in done.left}
    told = asdict(done) | {"complete": done.complete, "backups": needing}
    print(json.dumps(told) if as_json else _told(done, needing))
    return 0 if done.complete else 1


def sealing(settings: BaseSettings) -> list[str]:
    """The keys that the file of the credentials is sealed with."""
    return all_keys(settings["LEADS_ENCRYPTION_KEYS"], Path(settings["LEADS_ENCRYPTION_KEYS_FILE"]))


async def _rotate(url: str, vault: Vault) -> Rotation:
    database = Database(url, vault=vault, application_name="leadspiders rotate")
    try:
        return await rotate(database, url, vault)
    finally:
        await database.close()


def _seal_credentials(settings: BaseSettings) -> None:
    path = Path(settings["LEADS_KEYS_FILE"])
    if path.exists():
        with locked(path):
            save(path, load(path, sealing(settings)), sealing(settings))


def _told_to_set(key: str, *, as_json: bool) -> int:
    """The environment belongs to the user: nothing is done until the key is in it, on every machine."""
    steps = [f"{number}. {step}" for number, step in enumerate(STEPS, start=1)]
    print(json.dumps({"new_key": key, "next": "\n".join(steps)}) if as_json else "\n".join([key, *steps]))
    return 0


def _needing(folder: Path, key: str) -> list[str]:
    """The backups that do not open without the key."""
    return [str(one.file) for one in backups(folder) if key in one.manifest.keys]


def _told(done: Rotation, needing: Mapping[str, Sequence[str]]) -> str:
    lines = [f"{done.resealed:,} values were brought under key {done.key}."]
    lines += [
        f"{number:,} values left under key {id_}{_may(done, number, needing[id_])}" for id_, number in done.left.items()
    ]
    if done.unreadable:
        lines.append(f"{done.unreadable:,} values do not open: they are damaged, or were moved. Restore them.")
    if done.earlier:
        lines.append(f"{done.earlier} crawls began with another key in front: rotate again once they have ended.")
    elif not done.settled:
        lines.append("A transaction goes on that began before: rotate again once it has ended.")
    return "\n".join(lines)


def _may(done: Rotation, number: int, needing: Sequence[str]) -> str:
    if number or done.earlier or not done.settled:
        return ""
    kept = f"; keep a copy of it as long as its backups, which need it: {', '.join(needing)}" if needing else ""
    return f": it may be removed{kept}"
