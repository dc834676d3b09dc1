"""The opt-out list: keyed hashes only, so that it can be kept for good without keeping anybody's data."""

from collections.abc import Iterable

from leadspiders.stores.postgres.pool import Database

_LISTED = "SELECT hash FROM suppressions WHERE hash = ANY(%s)"
_ADD = """
INSERT INTO suppressions (hash, kind, reason) VALUES (%s, %s, %s) ON CONFLICT (hash) DO NOTHING
"""
_REMOVE = "DELETE FROM suppressions WHERE hash = ANY(%s)"
_COUNTS = "SELECT kind, reason, count(*) FROM suppressions GROUP BY kind, reason ORDER BY kind, reason"


async def listed(database: Database, hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the hashes that are on the list."""
    wanted = list(set(hashes))
    if not wanted:
        return set()
    async with database.connection() as connection:
        rows = await (await connection.execute(_LISTED, [wanted])).fetchall()
    return {bytes(row[0]) for row in rows}


async def add(database: Database, entries: Iterable[tuple[str, bytes]], *, reason: str) -> int:
    """Put `(kind, hash)` on the list; returns how many were not there yet. The first reason stays."""
    rows = sorted({(hash_, kind, reason) for kind, hash_ in entries})
    async with database.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(_ADD, rows)
        return max(cursor.rowcount, 0)


async def remove(database: Database, hashes: Iterable[bytes]) -> int:
    """Take hashes off the list; returns how many were on it."""
    async with database.connection() as connection:
        return (await connection.execute(_REMOVE, [list(hashes)])).rowcount


async def counts(database: Database) -> list[tuple[str, str, int]]:
    """`(kind, reason, entries)`."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_COUNTS)).fetchall()
    return [(kind, reason, number) for kind, reason, number in rows]
