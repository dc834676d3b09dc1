"""Where the state of one home lies: in the home itself, or in the shelter when the servers' account cannot get in.

A file `state-folder` in the home points to the shelter. It stays true when the home is moved.
"""

import hashlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import commands
from leadspiders.stores.embedded.account import Account, give
from leadspiders.stores.embedded.files import make_folder, write_private
from leadspiders.stores.embedded.locks import LOCK
from leadspiders.stores.embedded.shelter import must_be_ours, shelter, shelters

POINTER = "state-folder"
KEYS = "keys.json"
FOLDERS = ("postgres", "valkey")


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The passwords of one home and the tag its processes carry; made once."""

    postgres: str
    valkey: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`state` holds a folder for each server; `account` owns only the data folders in there."""

    home: Path
    state: Path
    account: Account | None
    keys: Keys


def open_place(home: Path, account: Account | None) -> Place:
    """The place of this home, made at the first call. The caller holds the home's lock."""
    state = existing(home)
    if state is None:
        state = home if account is None or _lets_in(home, account) else _make_state(home)
        for name in FOLDERS:
            # The account passes through to its data; who else knows the way finds everything there closed.
            make_folder(state / name, mode=0o711 if account else 0o700)
    file = state / KEYS
    if not file.exists():
        made = Keys(
            postgres=secrets.token_hex(24), valkey=secrets.token_hex(24), tag=f"leadspiders-{secrets.token_hex(5)}"
        )
        write_private(file, msgspec.json.encode(made))
    return Place(home=home, state=state, account=account, keys=msgspec.json.decode(file.read_bytes(), type=Keys))


def existing(home: Path) -> Path | None:
    """The folder with the state of this home, if one was made before."""
    try:
        state = Path((home / POINTER).read_text().strip())
    except FileNotFoundError:
        return home if (home / KEYS).is_file() else None
    if not state.is_dir():
        raise ServiceError(
            f"{state} is gone, where {home / POINTER} says the data is: bring it back, or remove that file"
        )
    return must_be_ours(state)


def earlier(home: Path) -> list[Path]:
    """State folders in the shelter that an earlier home of this path had."""
    return [must_be_ours(state) for folder in shelters() for state in sorted(folder.glob(f"{_mark(home)}-*"))]


def hand_over(place: Place) -> None:
    """When root works in the home of somebody else: what it made there becomes theirs, so that both can go on."""
    if place.account is None or place.state != place.home or place.home.stat().st_uid != place.account.uid:
        return
    folders = [place.home / name for name in FOLDERS]
    inside = [path for folder in folders for path in folder.iterdir()]
    for path in (place.home / LOCK, place.home / KEYS, *folders, *inside):
        give(path, place.account)


def forget(home: Path) -> None:
    """Delete what `open_place` made, the data included. The caller has stopped the servers and holds the lock."""
    state = existing(home)
    if state is not None:
        for name in FOLDERS:
            shutil.rmtree(state / name)
        (state / KEYS).unlink(missing_ok=True)
        if state != home:
            state.rmdir()
            (home / POINTER).unlink()


def _make_state(home: Path) -> Path:
    state = make_folder(shelter() / f"{_mark(home)}-{secrets.token_hex(4)}", mode=0o711)
    write_private(home / POINTER, f"{state}\n".encode())
    return state


def _mark(home: Path) -> str:
    return f"home-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def _lets_in(home: Path, account: Account) -> bool:
    """Whether a folder in this home can be given to the account and used by it: tried, since modes tell only half."""
    try:
        probe = Path(tempfile.mkdtemp(dir=home, prefix=".probe-"))
        try:
            give(probe, account)
            status, _ = commands.run(["/bin/sh", "-c", 'cd "$1" && : > here', "sh", probe], account)
        finally:
            shutil.rmtree(probe)
    except OSError:
        return False
    return status == 0
