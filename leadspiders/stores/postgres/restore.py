"""Brings a backup back, and makes it keep the promises that were given since it was made.

A backup is older than the last erasure, opt-out, purchase and delivery. So the copy is held against the living
database: a person who was forgotten stays forgotten, and nobody is written to, bought or sent a second time.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from secrets import token_hex

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege, ObjectInUse

from leadspiders.errors import StoreError
from leadspiders.stores.embedded.binaries import postgres_client
from leadspiders.stores.postgres import suppressions, table_copies
from leadspiders.stores.postgres.backup import Backup, call, counts, digest, ended
from leadspiders.stores.postgres.carry_over import carry_over, describe_opt_outs
from leadspiders.stores.postgres.connected import connected
from leadspiders.stores.postgres.failures import address
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.pool import Database

SCRATCH = "leadspiders_verify_"

_EMPTY = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_LOGS = "SELECT FROM removed_rows, suppressions LIMIT 0"
_OPT_OUTS = "SELECT kind, hash FROM suppressions"
_LEFT_BEHIND = """
SELECT datname FROM pg_database d
 WHERE starts_with(datname, %s) AND pg_get_userbyid(datdba) = current_user
   AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it: rows that differ from the manifest by table (`expected`, `found`), rows erased once more, and
    opt-outs that the copy lacked.
    """

    differences: dict[str, tuple[int, int]] = field(default_factory=dict)
    erased: int = 0
    opt_outs: int = 0

    @property
    def whole(self) -> bool:
        """Whether every row of the backup came back."""
        return not self.differences


async def verify(backup: Backup, url: str) -> Restored:
    """Restore into a scratch database of the same server, as `restore` would, and drop it again."""
    must_be_intact(backup)
    drop_left_behind(url)
    with _scratch(url) as scratch:
        return await restore(backup, scratch, living=url)


def must_be_intact(backup: Backup) -> None:
    """Raise `StoreError` when the file is not what was written."""
    if not backup.file.exists():
        raise StoreError(f"{backup.file} is not there: `scrapy backup run` makes one")
    if digest(backup.file) != backup.manifest.sha256:
        raise StoreError(f"{backup.file} is not as it was written: take an earlier one, and look at the disk")


async def restore(backup: Backup, url: str, *, living: str | None) -> Restored:
    """Fill an empty database, made if need be, bring its tables up to date, and hold it against the living one; None:
    that one is lost. Raises `StoreError` when the database is not empty, or does not take it.
    """
    if living:
        with connected(living) as connection:
            connection.execute(_LOGS)  # before anything is filled that nobody could cleanse
    _make(url)
    with connected(url) as connection:
        row = connection.execute(_EMPTY).fetchone()
        if row and row[0]:
            raise StoreError("the database to restore into has tables: name an empty one, which createdb makes")
        if backup.of_pg_dump:
            program = postgres_client("pg_restore", backup.manifest.server)
            options = ["--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"]
            ended(*call([program, *options, backup.file], connection), what="pg_restore")
    if not backup.of_pg_dump:
        table_copies.read(backup.file, url, revision=backup.manifest.revision)
    with connected(url) as connection:
        expected = backup.manifest.tables
        found = counts(connection, expected)
    differences = {table: (expected[table], found[table]) for table in expected if expected[table] != found[table]}
    upgrade(url)
    if living is None:
        return Restored(differences=differences)
    try:
        erased, opt_outs = await _hold_against(living, url)
    except StoreError as error:
        raise StoreError(
            f"{address(url)} does not know yet who was erased: drop it and restore again; {error}"
        ) from None
    return Restored(differences=differences, erased=erased, opt_outs=opt_outs)


def drop_left_behind(url: str) -> None:
    """Drop scratch databases whose rehearsal was killed: nobody is connected to them any more."""
    with connected(url, autocommit=True) as connection:
        for (name,) in connection.execute(_LEFT_BEHIND, [SCRATCH]).fetchall():
            with suppress(ObjectInUse):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


async def _hold_against(living: str, url: str) -> tuple[int, int]:
    """Rows that were erased once more, and opt-outs that the copy lacked."""
    with connected(living) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.read_only = True
        with connected(url) as copy:
            erased = carry_over(old, copy)
        opened = Database(url)
        try:  # all of them: the copy may have the leads of one that was on the list when it was made
            added = await suppressions.add(opened, old.execute(_OPT_OUTS).fetchall(), reason="restored")
        finally:
            await opened.close()
        with connected(url) as copy:
            describe_opt_outs(old, copy)
    return erased, added.entries


def _make(url: str) -> None:
    """The database itself, where the server has none of that name."""
    name = conninfo_to_dict(url).get("dbname")
    if not name:
        raise StoreError("name the database to restore into: postgresql://user:password@host:port/database")
    with connected(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _create(connection, str(name))


def _create(connection: psycopg.Connection, name: str) -> None:
    try:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except InsufficientPrivilege:
        raise StoreError("the role may not make a database to restore into: ALTER ROLE ... CREATEDB") from None


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    name = f"{SCRATCH}{token_hex(4)}"
    with connected(url, autocommit=True) as connection:
        _create(connection, name)
    scratch = make_conninfo(url, dbname=name)
    try:
        with connected(scratch, application_name="leadspiders verify"):  # by which it is not taken for left behind
            yield scratch
    finally:
        with connected(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
