"""A backup without `pg_dump`: a zip with one COPY of each table, for a server whose client programs are not to be had.

The tables themselves are made by our own migrations, up to the revision that the backup was made at; so what others
have put into the database is not in it. Of each table the first line names its columns.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, LiteralString

import msgspec
import psycopg
from psycopg import sql

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.connected import CONNECT_SECONDS
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.raw_records import MONTHS, SCHEMA, making, month_of
from leadspiders.stores.postgres.schema.whole import metadata

ENDING = ".zip"
BESIDE = "beside.json"

# What is written is read alike by every server, whatever its own settings are.
_PLAIN = "SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres; SET LOCAL extra_float_digits = 3"
_TABLES = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY 1"
_COLUMNS = """
SELECT column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_OUT = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT (HEADER)")
_IN = sql.SQL("COPY {table} ({columns}) FROM STDIN (HEADER)")
_NUMBERED = """
SELECT c.table_name, c.column_name, s.last_value FROM information_schema.columns c JOIN pg_sequences s
    ON format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence(quote_ident(c.table_name), c.column_name)
 WHERE c.table_schema = 'public' AND c.is_identity = 'YES' AND s.last_value IS NOT NULL ORDER BY 1, 2
"""
# What triggers have counted is in the copies already.
_TRIGGERS = sql.SQL("ALTER TABLE {table} {switch} TRIGGER USER")
_GO_ON = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs to the tables: the months of the raw records, and the last number given out by table and column."""

    months: list[date]
    numbers: list[tuple[str, str, int]]


def write(connection: psycopg.Connection, file: Path) -> None:
    """Copy all tables as this connection sees them."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        connection.execute("SET LOCAL client_encoding = 'UTF8'")
        connection.execute(_PLAIN)
        beside = Beside(months=_months(connection), numbers=connection.execute(_NUMBERED).fetchall())
        archive.writestr(BESIDE, msgspec.json.encode(beside))
        for table in metadata.sorted_tables:
            columns = [name for (name,) in connection.execute(_COLUMNS, [table.name])]
            query = _OUT.format(columns=_names(columns), table=sql.Identifier(table.name))
            with (
                archive.open(_member(table.name), "w", force_zip64=True) as member,
                connection.cursor() as cursor,
                cursor.copy(query) as copy,
            ):
                for block in copy:
                    member.write(block)


def read(file: Path, url: str, *, revision: str) -> None:
    """Make the tables in an empty database and fill them, in one transaction; raises `StoreError`."""
    upgrade(url, to=revision)
    with (
        _told(file),
        zipfile.ZipFile(file) as archive,
        psycopg.connect(url, connect_timeout=CONNECT_SECONDS, client_encoding="utf8") as connection,
    ):
        there = set(archive.namelist())
        beside = msgspec.json.decode(archive.read(BESIDE), type=Beside)
        for month in beside.months:
            for statement in making(month):
                connection.execute(statement)
        switch_triggers(connection, "DISABLE")
        for table in metadata.sorted_tables:
            if _member(table.name) in there:
                with archive.open(_member(table.name)) as member:
                    _fill(connection, table.name, member)
        switch_triggers(connection, "ENABLE")
        for name, column, last in beside.numbers:
            connection.execute(_GO_ON, [name, column, last])


def switch_triggers(connection: psycopg.Connection, switch: LiteralString) -> None:
    """`DISABLE` or `ENABLE` those of all tables, which keep running counts."""
    for (name,) in connection.execute(_TABLES).fetchall():
        connection.execute(_TRIGGERS.format(table=sql.Identifier(name), switch=sql.SQL(switch)))


def _fill(connection: psycopg.Connection, table: str, member: IO[bytes]) -> None:
    head = member.readline()
    columns = head.decode().rstrip("\n").split("\t")
    query = _IN.format(table=sql.Identifier(table), columns=_names(columns))
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(head)
        while block := member.read(1 << 16):
            copy.write(block)


def _months(connection: psycopg.Connection) -> list[date]:
    return [month_of(name) for (name,) in connection.execute(MONTHS, [SCHEMA])]


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _member(table: str) -> str:
    return f"{table}.copy"


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, zipfile.BadZipFile, zlib.error, EOFError, KeyError, msgspec.DecodeError) as error:
        raise StoreError(f"{file} cannot be read back ({first_line(error)}): take an earlier one") from None


def first_line(error: BaseException) -> str:
    """What an error says first, or its name."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
