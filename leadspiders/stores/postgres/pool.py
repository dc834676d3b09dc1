"""The way to Postgres for a crawl or a command: a small pool that opens at its first use.

Scrapy opens all its parts at the same time, so nobody can open the pool for the others; and a crawl that never needs
the database must not wait for it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from select import POLLIN, poll
from time import monotonic
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg.errors import LockNotAvailable, UndefinedTable
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from leadspiders.errors import StoreError
from leadspiders.stores.postgres.connected import CONNECT_SECONDS
from leadspiders.stores.postgres.failures import address, passing, store_error
from leadspiders.stores.postgres.schema.revision import REVISION
from leadspiders.stores.postgres.sealed import NO_VAULT, Vault

LOOK_AGAIN_SECONDS = 1.0
# A query of the product takes less than a second; what takes a minute is stuck, and must not hold its locks for good. A
# worker that hangs within a transaction loses it before those who wait for its locks give up.
SETTINGS = """
SET timezone = 'UTC';
SET statement_timeout = '{statement}ms';
SET lock_timeout = '{lock}ms';
SET idle_in_transaction_session_timeout = '{idle}ms'
"""

# Postgres' own time limits do not strike a session that waits for the next words of its client's COPY or pipeline.
_END_SLEEPERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity a
 WHERE datname = current_database() AND usename = current_user AND application_name = %s AND wait_event = 'ClientRead'
   AND state_change < now() - make_interval(secs => %s / 2)
   AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid
                AND (l.mode IN ('RowExclusiveLock', 'RowShareLock') OR l.locktype = 'advisory'))
"""

T = TypeVar("T")


class Connection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A line to Postgres, with the vault that opens and seals what goes over it."""

    vault: Vault = NO_VAULT


class Database:
    """One a process. `url` is a libpq URL or connection string, `vault` what personal data is sealed by,
    `max_size` the most connections held, `patience` the seconds that a Postgres which restarts, or a lock, is waited
    for.
    """

    def __init__(
        self,
        url: str,
        *,
        vault: Vault = NO_VAULT,
        max_size: int = 4,
        application_name: str = "leadspiders",
        patience: float = CONNECT_SECONDS * 3,
    ) -> None:
        self._url = url
        self._vault = vault
        self._max_size = max_size
        self._application_name = application_name
        self._patience = patience
        self._away_since: float | None = None
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection within one transaction: committed at the end, rolled back on an exception.

        Raises `StoreError` when Postgres is out of reach, the work may succeed a moment later, or the schema is not
        there; what Postgres has against a statement or a value stays a `psycopg.Error`.
        """
        pool = await self._open()
        connection = await self._taken(pool)
        try:
            async with connection.transaction():
                yield connection
        except psycopg.Error as error:
            if isinstance(error, LockNotAvailable):
                await self._end_sleepers()
            if passing(error):  # cut off, out of room or turns: nothing that a record has done
                raise store_error(error, self._url) from error
            raise
        finally:
            await pool.putconn(connection)

    async def close(self) -> None:
        """Give all connections back; the next use opens anew."""
        pool, self._pool = self._pool, None
        if pool:
            await pool.close()

    async def _taken(self, pool: AsyncConnectionPool[Connection]) -> Connection:
        """A connection. Whoever waits first waits long; once that was in vain the others are told at once, and only
        one try a second finds out whether Postgres is back."""
        patience = self._patience
        if self._away_since is not None:
            if monotonic() - self._away_since < LOOK_AGAIN_SECONDS:
                raise store_error(PoolTimeout("away since a moment ago"), self._url)
            self._away_since, patience = monotonic(), LOOK_AGAIN_SECONDS
        try:
            connection = await pool.getconn(patience)
        except (PoolTimeout, PoolClosed) as error:
            self._away_since = monotonic()
            raise store_error(error, self._url) from None
        self._away_since = None
        return connection

    async def _end_sleepers(self) -> None:
        """End sessions of ours that hold locks and have not said a word for long: their worker is frozen or cut off."""
        with suppress(psycopg.Error):
            async with await psycopg.AsyncConnection.connect(self._url, autocommit=True, **self._settings()) as line:
                await line.execute(_END_SLEEPERS, [self._application_name, self._patience])

    async def _open(self) -> AsyncConnectionPool[Connection]:
        async with self._opening:
            if self._pool is None:
                await self._check()
                self._pool = AsyncConnectionPool(
                    self._url,
                    connection_class=Connection,
                    min_size=1,
                    max_size=self._max_size,
                    open=False,
                    timeout=self._patience,
                    kwargs=self._settings(),
                    configure=self._prepare,
                    check=_still_there,
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
            raise store_error(error, self._url) from None
        if not found or found[0] < REVISION:
            raise StoreError(f"the tables of {address(self._url)} are older than this program: run `scrapy migrate`")

    async def _prepare(self, connection: Connection) -> None:
        connection.vault = self._vault
        set_json_loads(msgspec.json.decode, connection)  # five times as fast as the standard library's
        patience = round(self._patience * 1000)
        await connection.execute(SETTINGS.format(lock=patience, idle=patience * 2 // 3, statement=patience * 5 // 3))
        await connection.commit()

    def _settings(self) -> dict[str, Any]:
        return {"connect_timeout": CONNECT_SECONDS, "application_name": self._application_name}


async def _still_there(connection: Connection) -> None:
    """Raise for a line that was cut. A server that goes says so, or its system does: where nothing came in while the
    line was idle all is as it was, and a question is a round trip for each transaction."""
    heard = poll()
    heard.register(connection.fileno(), POLLIN)
    if heard.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def once_more(work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work`; when its line to Postgres was cut on the way, that of another try on a new one."""
    try:
        return await work()
    except StoreError as error:
        if error.__cause__ is None:  # nobody answers: the pool has waited long enough
            raise
        return await work()
