"""Backups: one file, and beside it a manifest of what is in it, counted in the very same snapshot.

The file is that of `pg_dump` where there is one of the server's version, else our own copies of all tables.

A backup is there once its file has its name: the manifest is written before, and both are renamed into place.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from leadspiders.errors import ServiceError, StoreError
from leadspiders.stores.embedded import commands
from leadspiders.stores.embedded.binaries import postgres_client
from leadspiders.stores.embedded.files import make_folder, sync_folder, write_private
from leadspiders.stores.postgres import table_copies
from leadspiders.stores.postgres.connected import CONNECT_SECONDS
from leadspiders.stores.postgres.failures import store_error
from leadspiders.stores.postgres.schema.whole import metadata

FOLDER = "backups"
ENDING, MANIFEST = ".dump", ".json"
LONGEST_SECONDS = 4 * 3600

_SETTLED = ("service", "servicefile", "passfile")
"""Parameters whose files were read: what stood there is among the others."""

_REVISION = "SELECT version_num FROM alembic_version"
_KEYS = "SELECT split_part(key, ':', 2) FROM installation WHERE key LIKE 'encryption_key:%' ORDER BY 1"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: rows by table, all of one moment. `keys` are the ids of the encryption keys it needs."""

    made_at: datetime
    revision: str
    server: int
    bytes: int
    sha256: str
    keys: list[str]
    tables: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup that is there."""

    file: Path
    manifest: Manifest

    @property
    def of_pg_dump(self) -> bool:
        """Whether `pg_restore` reads it back, and not we ourselves."""
        return self.file.suffix == ENDING


def make(url: str, folder: Path, *, now: datetime) -> Backup:
    """Write a backup into `folder`. Raises `StoreError` or `ServiceError`; nothing half-written is left then."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    name = f"leadspiders-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    half = make_folder(folder) / f"{name}.half"
    write_private(half, b"")  # nobody else may read it, from its first byte on
    try:
        with snapshot(url) as (connection, moment):
            server, keys, tables = (
                connection.info.server_version // 10_000,
                _keys(connection),
                counts(connection, sorted(metadata.tables)),
            )
            revision = connection.execute(_REVISION).fetchone()
            if dump := _pg_dump(server):
                options = ["--format=custom", "--compress=6", "--no-owner", "--no-privileges", f"--snapshot={moment}"]
                ended(*call([dump, *options, f"--file={half}"], connection), what="pg_dump")
            else:
                table_copies.write(connection, half)
        assert revision
        file = half.with_suffix(ENDING if dump else table_copies.ENDING)
        manifest = Manifest(
            made_at=now,
            revision=revision[0],
            server=server,
            bytes=half.stat().st_size,
            sha256=digest(half),
            keys=keys,
            tables=dict(tables),
        )
        write_private(file.with_suffix(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest)))
        half.replace(file)
        sync_folder(folder)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror}): make room, or name another with -o") from None
    finally:
        half.unlink(missing_ok=True)
    return Backup(file=file, manifest=manifest)


def backups(folder: Path) -> list[Backup]:
    """Those that are complete, the newest first."""
    found = []
    for file in (file for ending in (ENDING, table_copies.ENDING) for file in folder.glob(f"leadspiders-*{ending}")):
        try:
            found.append(read(file))
        except StoreError:
            continue
    return sorted(found, key=lambda one: one.manifest.made_at, reverse=True)


def read(file: Path) -> Backup:
    """A backup with its manifest; raises `StoreError` when there is none beside it."""
    try:
        return Backup(file=file, manifest=msgspec.json.decode(file.with_suffix(MANIFEST).read_bytes(), type=Manifest))
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(
            f"{file} has no manifest beside it ({error}): name a file that `scrapy backup run` made"
        ) from None


def drop_old(folder: Path, *, days: int, now: datetime) -> list[Path]:
    """Delete those older than `days`, never the newest; returns what went. What was left half-written goes too."""
    for half in folder.glob("leadspiders-*.half"):
        with suppress(FileNotFoundError):
            if half.stat().st_mtime < now.timestamp() - LONGEST_SECONDS:
                half.unlink()
    old = [one.file for one in backups(folder)[1:] if one.manifest.made_at < now - timedelta(days=days)]
    for file in old:
        file.unlink(missing_ok=True)
        file.with_suffix(MANIFEST).unlink(missing_ok=True)
    return old


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A connection that sees one moment, and the name by which other sessions see the same."""
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, application_name="leadspiders backup")
    except psycopg.Error as error:
        raise store_error(error, url) from None
    try:
        with connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row
            yield connection, row[0]
    except psycopg.Error as error:
        raise StoreError(
            f"the database cannot be copied ({table_copies.first_line(error)}): see to that and start it again"
        ) from None


def counts(connection: psycopg.Connection, tables: Iterable[str]) -> Mapping[str, int]:
    """Rows of each table."""
    return {table: _count(connection, table) for table in tables}


def call(words: Sequence[str | Path], connection: psycopg.Connection) -> tuple[int, str]:
    """Run a client program on the database of this connection, by what libpq took from its URL, `PG*`, service and
    password files; the password stays off the command line, where others would see it.
    """
    parts = {name: value for name, value in connection.info.get_parameters().items() if name not in _SETTLED}
    where = ["--dbname", make_conninfo("", **parts)]
    hidden = {"PGPASSWORD": connection.info.password} if connection.info.password else {}
    return commands.run([*words, *where], None, seconds=LONGEST_SECONDS, env=hidden)


def digest(file: Path) -> str:
    """SHA-256 of a file, in hex digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def ended(status: int, said: str, *, what: str) -> None:
    """Raise `StoreError` with the first line that a program said, unless it ended well."""
    if status != 0:
        lines = [line for line in said.splitlines() if line.strip()] or ["no word"]
        raise StoreError(f"{what} ended with {status} ({lines[0]}): see to that and start it again")


def _pg_dump(server: int) -> Path | None:
    try:
        return postgres_client("pg_dump", server)
    except ServiceError:
        return None


def _keys(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute(_KEYS)]


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    assert row
    return int(row[0])
