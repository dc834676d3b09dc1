"""The forecast of each run, kept with the run, and beside it what it came to: what the next forecast learns from."""

from typing import Any

from psycopg.types.json import Jsonb

from leadspiders.stores.postgres.pool import Database

FORECAST, ACTUAL = "forecast", "actual"
"""Keys beside the names of the sources in `runs.settings`."""

_KEEP = "UPDATE runs SET settings = settings || %s WHERE run_id = %s"
_FORMER = """
SELECT settings -> 'forecast', settings -> 'actual' FROM runs
 WHERE settings -> 'actual' ? 'end_seconds' AND sandbox = %s ORDER BY started_at DESC LIMIT %s
"""

# What a spider buys by the page or a worker reads is a request as well; redirects and repeats count, as they do there.
_CALLS = "SELECT api, count(*) FROM audit WHERE run_id = %s AND api IS NOT NULL GROUP BY api ORDER BY api"
_PAID = """
SELECT provider, sum(credits)::float, sum(usd)::float FROM spend
 WHERE run_id = %s AND state <> 'void' GROUP BY provider ORDER BY provider
"""


async def keep(database: Database, run_id: str, name: str, figures: dict[str, Any]) -> None:
    """Keep the forecast, or what it came to, with its run."""
    async with database.connection() as connection:
        await connection.execute(_KEEP, [Jsonb({name: figures}), run_id])


async def former(database: Database, *, sandbox: bool, limit: int = 5) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Forecast and outcome of the last runs of this installation, of any campaign, the newest first."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_FORMER, [sandbox, limit])).fetchall()
    return [(forecast or {}, actual) for forecast, actual in rows]


async def calls_of(database: Database, run_id: str) -> dict[str, int]:
    """Requests that a run made, by API."""
    async with database.connection() as connection:
        return dict(await (await connection.execute(_CALLS, [run_id])).fetchall())


async def paid_in(database: Database, run_id: str) -> tuple[dict[str, float], float]:
    """Credits by provider, and dollars, that a run spent."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_PAID, [run_id])).fetchall()
    return {provider: credits_ for provider, credits_, _ in rows}, sum(usd for _, _, usd in rows)
