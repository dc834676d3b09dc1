"""The way to Postgres for a crawl or a command: a small pool that opens at its first use.

Scrapy opens all its parts at the same time, so nobody can open the pool for the others; and a crawl that never needs
the database must not wait for it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import UndefinedTable
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.schema.revision import REVISION

CONNECT_SECONDS = 10
# A query of the product takes less than a second; what takes a minute is stuck, and must not hold its locks for good.
SETTINGS = """
SET timezone = 'UTC';
SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '60s';
SET lock_timeout = '30s'
"""

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Database:
    """One a process. `url` is a libpq URL or connection string, `max_size` the most connections held."""

    def __init__(self, url: str, *, max_size: int = 4, application_name: str = "leadspiders") -> None:
        self._url = url
        self._max_size = max_size
        self._application_name = application_name
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection within one transaction: committed at the end, rolled back on an exception.

        Raises `StoreError` when Postgres is out of reach or the schema is not there.
        """
        pool = await self._open()
        try:
            connection = await pool.getconn()
        except (PoolTimeout, PoolClosed) as error:
            raise out_of_reach(self._url, error) from None
        try:
            async with connection.transaction():
                yield connection
        except psycopg.OperationalError as error:
            if connection.closed:
                raise out_of_reach(self._url, error) from error
            raise
        finally:
            await pool.putconn(connection)

    async def close(self) -> None:
        """Give all connections back; the next use opens anew."""
        pool, self._pool = self._pool, None
        if pool:
            await pool.close()

    async def _open(self) -> AsyncConnectionPool[Connection]:
        async with self._opening:
            if self._pool is None:
                await self._check()
                self._pool = AsyncConnectionPool(
                    self._url,
                    min_size=1,
                    max_size=self._max_size,
                    open=False,
                    timeout=CONNECT_SECONDS * 3,
                    kwargs=self._settings(),
                    configure=_prepare,
                    check=AsyncConnectionPool.check_connection,
                )
                await self._pool.open()
        return self._pool

    async def _check(self) -> None:
        """One plain connection says in one line what a pool would hide behind retries."""
        try:
            async with await psycopg.AsyncConnection.connect(self._url, **self._settings()) as connection:
                found = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
        except UndefinedTable:
            raise StoreError(f"the database {address(self._url)} has no tables yet: run `scrapy migrate`") from None
        except psycopg.Error as error:
            raise out_of_reach(self._url, error) from None
        if not found or found[0] < REVISION:
            raise StoreError(f"the tables of {address(self._url)} are older than this program: run `scrapy migrate`")

    def _settings(self) -> dict[str, Any]:
        return {"connect_timeout": CONNECT_SECONDS, "application_name": self._application_name}


async def _prepare(connection: Connection) -> None:
    set_json_loads(msgspec.json.decode, connection)  # five times as fast as the standard library's
    await connection.execute(SETTINGS)
    await connection.commit()


def out_of_reach(url: str, error: BaseException) -> StoreError:
    """The one line for a database that does not answer; it never shows the password."""
    said = [line.strip() for line in str(error).splitlines() if line.strip() and not line.strip().endswith("?")]
    reason = said[-1] if said else type(error).__name__  # libpq adds advice as a question
    return StoreError(
        f"Postgres does not answer at {address(url)} ({reason}): check DATABASE_URL and that the server runs"
    )


def address(url: str) -> str:
    """`host:port/database` of a connection string."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise StoreError(
            "DATABASE_URL is no Postgres URL: write postgresql://user:password@host:port/database"
        ) from None
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts.get('dbname') or ''}"
