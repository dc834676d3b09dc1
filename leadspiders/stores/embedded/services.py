"""The embedded services of a home: start them where they do not run, stop them, say how they stand."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from leadspiders.stores.embedded import place as places
from leadspiders.stores.embedded import postgres, process, sandbox, valkey
from leadspiders.stores.embedded.faults import plainly
from leadspiders.stores.embedded.home import alone_in


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the two stores are reached; the passwords are part of the URLs."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """How one service stands. `since` is UTC; what never ran has neither port nor version."""

    name: str
    running: bool
    pid: int | None
    port: int | None
    version: str | None
    data: Path
    since: datetime | None


def ensure(home: Path, *, database_url: str | None = None, redis_url: str | None = None) -> Urls:
    """The URLs of PostgreSQL and Valkey, started first where they are not running: about a second the first time.

    What is given is used instead, and its service is not started. Raises `ServiceError`.
    """
    if database_url and redis_url:
        return Urls(database_url, redis_url)
    home = home.resolve()
    with alone_in(home) as account:
        if places.existing(home) is None:
            _end_orphans(home)
        place = places.open_place(home, account)
        urls = Urls(database_url or postgres.ensure(place), redis_url or valkey.ensure(place))
        places.hand_over(place)
    return urls


def ensure_sandbox(home: Path, *, seed: int, people: int, companies: int) -> str:
    """The base URL of the stand-ins of the outside APIs, with this world in it; another world is replaced by it.

    Raises `ServiceError`.
    """
    home = home.resolve()
    with alone_in(home):
        return sandbox.ensure(home, seed=seed, people=people, companies=companies)


def stop(home: Path) -> list[str]:
    """Stop everything that runs in this home, nothing lost; the names of what was running."""
    home = home.resolve()
    if not home.is_dir():
        return []
    with alone_in(home):
        return [name for name, folder, end in _services(home) if end(folder)]


def discard(home: Path) -> None:
    """Stop everything and delete the data of this home for good, also what lies outside of it."""
    home = home.resolve()
    if not home.is_dir():
        return
    stop(home)
    with alone_in(home):
        places.forget(home)
        shutil.rmtree(home / sandbox.FOLDER, ignore_errors=True)


def state(home: Path) -> list[ServiceState]:
    """How each service stands now. Starts nothing and waits for nobody."""
    with plainly(home):
        return [_state(name, folder) for name, folder, _ in _services(home.resolve())]


def _state(name: str, folder: Path) -> ServiceState:
    record, runs = process.last(folder), process.running(folder) is not None
    return ServiceState(
        name=name,
        running=runs,
        pid=record.pid if record and runs else None,
        port=record.port if record else None,
        version=record.version if record else None,
        data=folder / "data",
        since=record.since if record and runs else None,
    )


def _services(home: Path) -> list[tuple[str, Path, Callable[[Path], bool]]]:
    """Name, folder and way to stop, in the order of stopping: who uses the stores goes first."""
    state = places.existing(home) or home
    return [
        ("sandbox", home / sandbox.FOLDER, sandbox.stop),
        ("valkey", state / valkey.FOLDER, valkey.stop),
        ("postgres", state / postgres.FOLDER, postgres.stop),
    ]


def _end_orphans(home: Path) -> None:
    """A home that was deleted while its servers ran elsewhere (see `shelter`) leaves them running for nobody."""
    for state in places.earlier(home):
        postgres.stop(state / postgres.FOLDER)
        valkey.stop(state / valkey.FOLDER)
