"""Finds the stored rows that have any key of a batch, in one query a table.

A writer locks what it finds, in the order of the ids: what it reads is then what it merges into. The lock is the weak
one, so that rows which refer to a locked one can still be written by others.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from leadspiders.stores.postgres.hash_array import HashArray
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.rows import Row, opened

COMPANY_KEYS = ("uei", "cage", "domain_key", "provider_key", "ein", "name_place_key")
CONTACT_KEYS = ("linkedin_key", "email_key", "provider_key")
"""Columns by which a row is found, beside its id."""
_TYPES = {"id": "uuid[]", "uei": "text[]", "cage": "text[]", "ein": "text[]"}
# Most blocks hold one or two; of one that many share, the newest are enough. Each is asked for by itself: one that is
# large must not hide the others.
MOST_NEIGHBORS = 20


def _query(table: str, keys: Sequence[str], *, lock: bool) -> bytes:
    # One index scan a key: an OR over several indexes is planned as a scan of the whole table once statistics are old.
    parts = [
        sql.SQL("SELECT id FROM {} WHERE {} = ANY({}::{})").format(
            sql.Identifier(table), sql.Identifier(key), sql.Placeholder(key), sql.SQL(_TYPES.get(key, "bytea[]"))
        )
        for key in ("id", *keys)
    ]
    query = sql.SQL("SELECT * FROM {} WHERE id IN ({}) ORDER BY id {}").format(
        sql.Identifier(table), sql.SQL(" UNION ").join(parts), sql.SQL("FOR NO KEY UPDATE" if lock else "")
    )
    return query.as_bytes()


_COMPANIES = {lock: _query("companies", COMPANY_KEYS, lock=lock) for lock in (True, False)}
_CONTACTS = {lock: _query("contacts", CONTACT_KEYS, lock=lock) for lock in (True, False)}

_NEAR = {
    table: sql.SQL(
        "SELECT near.* FROM unnest(%s::bytea[]) AS block,"
        " LATERAL (SELECT * FROM {} WHERE block_key = block ORDER BY id DESC LIMIT %s) AS near"
    )
    .format(sql.Identifier(table))
    .as_bytes()
    for table in ("companies", "contacts")
}


async def find_companies(connection: Connection, rows: Iterable[Row], *, lock: bool) -> list[Row]:
    """Stored companies that share a key (or the `id`) with any of these rows, the oldest first."""
    return opened(connection, "companies", await _found(connection, _COMPANIES[lock], COMPANY_KEYS, rows))


async def find_contacts(connection: Connection, rows: Iterable[Row], *, lock: bool) -> list[Row]:
    """Stored contacts that share a key (or the `id`) with any of these rows, the oldest first."""
    return opened(connection, "contacts", await _found(connection, _CONTACTS[lock], CONTACT_KEYS, rows))


async def find_near(connection: Connection, table: str, rows: Iterable[Row]) -> list[Row]:
    """Stored rows of the same blocks, to compare with: they are not locked, since few turn out to be the same."""
    blocks = {block for row in rows if (block := row.get("block_key")) is not None}
    if not blocks:
        return []
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_NEAR[table], [HashArray(blocks), MOST_NEIGHBORS], binary=True)
        return opened(connection, table, await cursor.fetchall())


async def _found(connection: Connection, query: bytes, keys: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    wanted: dict[str, set[Any]] = {key: set() for key in ("id", *keys)}
    for row in rows:
        for key, of_one in wanted.items():
            if (value := row.get(key)) is not None:
                of_one.add(value)
    if not any(wanted.values()):
        return []
    async with connection.cursor(row_factory=dict_row) as cursor:
        values = {key: sorted(of_one) if key in _TYPES else HashArray(of_one) for key, of_one in wanted.items()}
        await cursor.execute(query, values, binary=True)
        return await cursor.fetchall()
