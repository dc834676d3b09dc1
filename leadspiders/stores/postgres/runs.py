"""Which runs there were, and the log of the crawls within them: one row a crawl, with a heartbeat while it lives."""

from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Database

LogStatus = Literal["running", "finished", "failed", "stopped"]

# Several crawls of a sprint share one run: the first starts it.
_START = """
INSERT INTO runs (run_id, campaign, sandbox, settings) VALUES (%s, %s, %s, %s)
ON CONFLICT (run_id) DO UPDATE SET completed_at = NULL, settings = excluded.settings || runs.settings
"""
_FINISH = "UPDATE runs SET completed_at = now() WHERE run_id = %s"
_OPEN = "INSERT INTO scraping_logs (id, campaign, run_id, source, worker) VALUES (%s, %s, %s, %s, %s)"
_BEAT = """
UPDATE scraping_logs SET records_processed = %s, errors = %s, heartbeat_at = now() WHERE id = %s AND status = 'running'
"""
_CLOSE = """
UPDATE scraping_logs
   SET status = %s, records_processed = %s, errors = %s, stats = %s, heartbeat_at = now(), completed_at = now()
 WHERE id = %s
"""


async def start_run(
    database: Database, run_id: str, campaign: str, *, sandbox: bool = False, settings: dict[str, Any] | None = None
) -> None:
    """Note that a run has begun, or goes on. `settings` are what each source was started with; the first word stays."""
    async with database.connection() as connection:
        await connection.execute(_START, [run_id, campaign, sandbox, Jsonb(settings or {})])


async def finish_run(database: Database, run_id: str) -> None:
    """Note that nothing of the run is left to do."""
    async with database.connection() as connection:
        await connection.execute(_FINISH, [run_id])


async def open_log(database: Database, *, run_id: str, campaign: str, source: str, worker: str | None = None) -> UUID:
    """A row for a crawl that begins; `worker` names the process (`host:pid`)."""
    log = new_id()
    async with database.connection() as connection:
        await connection.execute(_OPEN, [log, campaign, run_id, source, worker])
    return log


async def beat(database: Database, log: UUID, *, records: int, errors: int) -> None:
    """Say that the crawl lives, and how far it is."""
    async with database.connection() as connection:
        await connection.execute(_BEAT, [records, errors, log])


async def close_log(
    database: Database,
    log: UUID,
    *,
    status: LogStatus,
    records: int,
    errors: int,
    stats: dict[str, Any] | None = None,
) -> None:
    """Say how the crawl ended: `status` is finished, failed or stopped."""
    async with database.connection() as connection:
        await connection.execute(_CLOSE, [status, records, errors, Jsonb(stats or {}), log])
