"""Sources that gave all they give for now: until when nobody needs to ask them again with the same credential."""

from datetime import datetime

from leadspiders.stores.postgres.pool import Database

_CLOSE = """
INSERT INTO closed_sources (api, credential, until, reason) VALUES (%s, %s, %s, %s)
ON CONFLICT (api, credential) DO UPDATE
   SET until = greatest(closed_sources.until, excluded.until), reason = excluded.reason
"""
_ALL = "SELECT api, until, reason FROM closed_sources WHERE until > now() ORDER BY api, until"
_CLOSED = "SELECT until, reason FROM closed_sources WHERE api = %s AND credential = %s AND until > now()"


async def close_source(database: Database, api: str, credential: bytes, *, until: datetime, reason: str) -> None:
    """Note that an API answers this credential (its keyed hash) nothing more before `until`."""
    async with database.connection() as connection:
        await connection.execute(_CLOSE, [api, credential, until, reason])


async def closed_source(database: Database, api: str, credential: bytes) -> tuple[datetime, str] | None:
    """Until when an API is closed to a credential, and why; None when it is open."""
    async with database.connection() as connection:
        row = await (await connection.execute(_CLOSED, [api, credential])).fetchone()
    return (row[0], row[1]) if row else None


async def closed_sources(database: Database) -> list[tuple[str, datetime, str]]:
    """API, until when and why, of every credential that is closed now."""
    async with database.connection() as connection:
        return [(row[0], row[1], row[2]) for row in await (await connection.execute(_ALL)).fetchall()]
