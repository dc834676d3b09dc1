"""Brings a backup back, and takes out of it again who was erased since it was made.

A backup is older than the last erasure. So the log of what was removed, which the living database keeps by id alone, is
gone through once more over the copy: a person who was forgotten stays forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from leadspiders.errors import StoreError
from leadspiders.stores.embedded.binaries import postgres_client
from leadspiders.stores.postgres.backup import Backup, call, counts, digest, ended
from leadspiders.stores.postgres.pool import CONNECT_SECONDS, out_of_reach

FOR_GOOD = ("erased", "expired")
"""Causes of removal that hold for every copy. What was folded into another row is still that row in a copy."""

_EMPTY = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_LOG = """
SELECT id, relation, cause, kept, run_id, receipt, record_index, removed_at FROM removed_rows
 WHERE cause = ANY(%s) AND removed_at >= %s
"""
_NOTE = """
INSERT INTO removed_rows (id, relation, cause, kept, run_id, receipt, record_index, removed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
_OPTED_OUT = "SELECT to_jsonb(s) FROM suppressions s WHERE added_at >= %s"
_OPT_OUT = """
INSERT INTO suppressions SELECT * FROM jsonb_populate_record(NULL::suppressions, %s) ON CONFLICT DO NOTHING
"""
_PAIRS = "DELETE FROM pairs WHERE one = ANY(%(ids)s) OR other = ANY(%(ids)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What happened after a backup that must hold for it too: rows removed for good, and opt-outs."""

    removed: list[tuple[Any, ...]] = field(default_factory=list)
    opt_outs: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it: rows that differ from the manifest by table (`expected`, `found`), rows erased once more."""

    differences: dict[str, tuple[int, int]] = field(default_factory=dict)
    erased: int = 0
    opt_outs: int = 0

    @property
    def whole(self) -> bool:
        """Whether every row of the backup came back."""
        return not self.differences


def verify(backup: Backup, url: str) -> Restored:
    """Restore into a scratch database of the same server, count, erase once more, and drop it again."""
    must_be_intact(backup)
    with _scratch(url) as scratch:
        return restore(backup, scratch, since(url, backup))


def must_be_intact(backup: Backup) -> None:
    """Raise `StoreError` when the file is not what was written."""
    if not backup.file.exists():
        raise StoreError(f"{backup.file} is not there: `scrapy backup run` makes one")
    if digest(backup.file) != backup.manifest.sha256:
        raise StoreError(f"{backup.file} is not as it was written: take an earlier one, and look at the disk")


def since(url: str, backup: Backup) -> Since:
    """What the living database says of the time since the backup was made."""
    made_at = backup.manifest.made_at
    with _connected(url) as connection:
        return Since(
            removed=connection.execute(_LOG, [list(FOR_GOOD), made_at]).fetchall(),
            opt_outs=[row for (row,) in connection.execute(_OPTED_OUT, [made_at])],
        )


def restore(backup: Backup, url: str, later: Since) -> Restored:
    """Fill an empty database, made if need be; raises `StoreError` when it is not empty, or pg_restore fails."""
    _make(url)
    with _connected(url) as connection:
        row = connection.execute(_EMPTY).fetchone()
        if row and row[0]:
            raise StoreError("the database to restore into has tables: name an empty one, which createdb makes")
    program = postgres_client("pg_restore", backup.manifest.server)
    options = ["--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"]
    ended(*call([program, *options, backup.file], url), what="pg_restore")
    with _connected(url) as connection:
        found = counts(connection)
        expected = backup.manifest.tables
        differences = {
            table: (expected.get(table, 0), found.get(table, 0))
            for table in sorted({*expected, *found})
            if expected.get(table, 0) != found.get(table, 0)
        }
        with connection.cursor() as cursor:
            cursor.executemany(_OPT_OUT, [[Jsonb(one)] for one in later.opt_outs])
        return Restored(differences=differences, erased=_erase(connection, later.removed), opt_outs=len(later.opt_outs))


def _make(url: str) -> None:
    """The database itself, where the server has none of that name."""
    name = conninfo_to_dict(url).get("dbname")
    with _connected(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(str(name))))


def _erase(connection: psycopg.Connection, log: list[tuple[Any, ...]]) -> int:
    ids: dict[str, list[UUID]] = {}
    for id_, relation, *_ in log:
        ids.setdefault(relation, []).append(id_)
    gone = 0
    for relation, wanted in ids.items():
        query = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(relation))
        gone += connection.execute(query, [wanted]).rowcount
        connection.execute(_PAIRS, {"ids": wanted})
    with connection.cursor() as cursor:
        cursor.executemany(_NOTE, log)
    return gone


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    name = f"leadspiders_verify_{token_hex(4)}"
    try:
        with _connected(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise StoreError("the role of DATABASE_URL may not make a scratch database: ALTER ROLE ... CREATEDB") from None
    try:
        yield make_conninfo(url, dbname=name)
    finally:
        with _connected(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _connected(url: str, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise out_of_reach(url, error) from None
    with connection:
        yield connection
