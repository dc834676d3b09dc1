"""Brings all sealed values under the newest key, beside crawls that go on: short transactions that wait for nobody.

How far it got is told by the values themselves, each of which begins with the id of its key: what is stopped in the
middle goes on from there. A row that a crawl holds is left out and met again in the next pass.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Table

from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.schema.columns import SEALED
from leadspiders.stores.postgres.schema.whole import metadata
from leadspiders.stores.postgres.sealed import place

AT_ONCE = 200
BODIES_AT_ONCE = 8  # whole responses, of some megabytes each
LONGEST_SCAN = "SET LOCAL statement_timeout = '1h'"  # all rows are gone through, and nobody waits for it

Reseal = Callable[[bytes, str], bytes | None]
"""`(sealed value, its place)` -> the value under the newest key, None when it does not open."""


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


class _SealedTable:
    """The statements for one table, from its description."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self.at_once = BODIES_AT_ONCE if table.name == "raw_records" else AT_ONCE
        self.columns = [column.name for column in table.columns if SEALED in column.info]
        self.key = [column.name for column in table.primary_key.columns]
        key, columns = _names(self.key), [sql.Identifier(name) for name in self.columns]
        stale = [sql.SQL("substring({0} FROM 1 FOR length(%(newest)s)) <> %(newest)s").format(one) for one in columns]
        names = {"table": sql.Identifier(self.name), "key": key, "columns": _names(self.columns)}
        after = sql.SQL("({}) > ({})").format(key, sql.SQL(", ").join(map(sql.Placeholder, self.key)))
        select = "SELECT {key}, {columns} FROM {table} WHERE {after} AND ({stale}) ORDER BY {key} LIMIT {limit}"
        select += " FOR NO KEY UPDATE SKIP LOCKED"
        self.first, self.next = (
            sql.SQL(select).format(**names, after=condition, stale=sql.SQL(" OR ").join(stale), limit=self.at_once)
            for condition in (sql.SQL("true"), after)
        )
        self.update = sql.SQL("UPDATE {} SET {} WHERE ({}) = ({})").format(
            names["table"],
            sql.SQL(", ").join(sql.SQL("{} = %s").format(one) for one in columns),
            key,
            sql.SQL(", ").join([sql.Placeholder()] * len(self.key)),
        )
        begins = sql.SQL(", ").join(sql.SQL("substring({} FROM 1 FOR %(length)s)").format(one) for one in columns)
        self.counts = sql.SQL(
            "SELECT beginning, count(*) FROM {}, unnest(ARRAY[{}]) AS beginning"
            " WHERE beginning IS NOT NULL GROUP BY beginning"
        ).format(names["table"], begins)


_TABLES = [
    _SealedTable(table) for table in metadata.sorted_tables if any(SEALED in column.info for column in table.columns)
]


async def reseal_all(database: Database, newest: bytes, reseal: Reseal) -> Counter[str]:
    """One pass over all values that do not begin with `newest`; returns how many were `resealed` and `unreadable`."""
    done: Counter[str] = Counter()
    for table in _TABLES:
        last: Sequence[Any] | None = None
        while True:
            async with database.connection() as connection:
                rows = await _stale(connection, table, newest, last)
                done += await _reseal(connection, table, rows, newest, reseal)
            if len(rows) < table.at_once:
                break
            last = rows[-1][: len(table.key)]
    return done


async def values_by_key(database: Database, length: int) -> Counter[bytes]:
    """How many values begin with which `length` bytes."""
    found: Counter[bytes] = Counter()
    for table in _TABLES:
        async with database.connection() as connection:
            await connection.execute(LONGEST_SCAN)
            for beginning, number in await (await connection.execute(table.counts, {"length": length})).fetchall():
                found[bytes(beginning)] += number
    return found


async def writers_of_now(database: Database) -> int:
    """A mark: transactions that write now have lower numbers."""
    async with database.connection() as connection:
        row = await (await connection.execute("SELECT pg_current_xact_id()::text::bigint")).fetchone()
    assert row
    return int(row[0])


async def ended(database: Database, mark: int) -> bool:
    """Whether all transactions that wrote at the time of the mark have ended: their values are seen now."""
    async with database.connection() as connection:
        row = await (
            await connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [mark])
        ).fetchone()
    assert row
    return bool(row[0])


async def _stale(
    connection: Connection, table: _SealedTable, newest: bytes, last: Sequence[Any] | None
) -> list[tuple[Any, ...]]:
    await connection.execute(LONGEST_SCAN)
    values = {"newest": newest} | dict(zip(table.key, last or (), strict=False))
    return await (await connection.execute(table.next if last else table.first, values)).fetchall()


async def _reseal(
    connection: Connection, table: _SealedTable, rows: Sequence[tuple[Any, ...]], newest: bytes, reseal: Reseal
) -> Counter[str]:
    done: Counter[str] = Counter()
    changes = []
    for row in rows:
        key, values = row[: len(table.key)], list(row[len(table.key) :])
        for at, column in enumerate(table.columns):
            if values[at] is None or values[at].startswith(newest):
                continue
            anew = reseal(values[at], place(table.name, column, *key))
            done["resealed" if anew else "unreadable"] += 1
            values[at] = anew or values[at]
        changes.append([*values, *key])
    async with connection.cursor() as cursor:
        await cursor.executemany(table.update, changes)
    return done
