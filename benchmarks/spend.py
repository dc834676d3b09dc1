"""How long a purchase waits for the ledger, when it is empty and when it holds a million facts.

`python benchmarks/spend.py [--quick]` prints one JSON object on its last line: milliseconds for one reserve of ten
facts under all caps, settled at once (not timed), the median and the 99th percentile. Peers, in turns with ours within
one run: the same reserve that sums up the whole ledger under an advisory lock in place of running totals; and a Lua
script in Redis that holds the same caps, but keeps neither the intent nor who bought what.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from leadspiders.guard.encryption_keys import make_key
from leadspiders.guard.vault import Vault
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend import Caps, Reservation, Sale

FACTS = 10
MOST = 1e9
CAPS = Caps(
    campaign_usd=MOST, run_usd=MOST, day_usd=MOST, lead_usd=MOST, call_usd=MOST, provider_usd=MOST, credits=MOST
)
SALE = Sale(provider="apollo", offer="match", credits_each=Decimal(1), usd_per_credit=Decimal("0.2"))
FILL = """
INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, lead, state, credits, usd,
                   usd_per_credit, price)
SELECT gen_random_uuid(), gen_random_uuid(), 'bench', 'run', 'apollo', 'match', 'old' || n, 'old' || n, 'settled',
       1, 0.2, 0.2, 'campaign' FROM generate_series(1, %s) AS n
"""
TOTALS = """
INSERT INTO spend_totals SELECT 'bench', scope, name, %(credits)s, %(credits)s * 0.2
  FROM (VALUES ('campaign', ''), ('run', 'run'), ('provider', 'apollo'),
               ('day', (now() AT TIME ZONE 'UTC')::date::text)) AS scopes (scope, name)
ON CONFLICT (campaign, scope, name) DO UPDATE SET credits = excluded.credits, usd = excluded.usd
"""
SUMS = """
SELECT coalesce(sum(usd), 0), coalesce(sum(usd) FILTER (WHERE run_id = 'run'), 0),
       coalesce(sum(usd) FILTER (WHERE day = (now() AT TIME ZONE 'UTC')::date), 0),
       coalesce(sum(credits) FILTER (WHERE provider = 'apollo'), 0)
  FROM spend WHERE campaign = 'bench' AND state <> 'void'
"""
INSERT = """
INSERT INTO spend (id, reservation, campaign, run_id, provider, offer, fact, state, credits, usd, usd_per_credit, price)
SELECT gen_random_uuid(), %s, 'bench', 'run', 'apollo', 'match', fact, 'reserved', 1, 0.2, 0.2, 'campaign'
  FROM unnest(%s::text[]) AS fact
"""
LUA = """
for place, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or 0) + ARGV[1] > tonumber(ARGV[2]) then return key end
end
for place, key in ipairs(KEYS) do redis.call('INCRBYFLOAT', key, ARGV[1]) end
return ''
"""


async def timed(work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Milliseconds, and the result."""
    started = perf_counter()
    result = await work()
    return (perf_counter() - started) * 1000, result


async def ours(database: Database) -> float:
    """One reserve under every cap."""
    facts = [uuid4().hex for _ in range(FACTS)]
    leads = dict(zip(facts, facts, strict=True))
    took, got = await timed(
        lambda: spend.reserve(database, campaign="bench", run_id="run", sale=SALE, facts=facts, caps=CAPS, leads=leads)
    )
    assert isinstance(got, Reservation)
    await spend.settle(database, got, dict.fromkeys(facts, b"x"), credits=FACTS)
    return took


async def summed(database: Database) -> float:
    """The same by sums over the ledger."""
    facts = [uuid4().hex for _ in range(FACTS)]

    async def reserve() -> None:
        async with database.connection() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(1)")
            await connection.execute(
                "SELECT fact, state FROM spend WHERE provider = 'apollo' AND fact = ANY(%s)", [facts]
            )
            await (await connection.execute(SUMS)).fetchone()
            await connection.execute(INSERT, [uuid4(), facts])

    return (await timed(reserve))[0]


async def measure(urls: services.Urls, rows: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Times of ours and of the peers, at no rows and at `rows`."""
    database = Database(urls.database_url, vault=Vault.of([make_key()]))
    times: dict[str, dict[str, list[float]]] = {}
    async with Redis.from_url(urls.redis_url) as redis:
        script = redis.register_script(LUA)
        keys = [f"{{bench}}:{scope}" for scope in ("campaign", "run", "day", "provider", "credits", "lead")]
        for case in (0, rows):
            async with database.connection() as connection:
                await connection.execute("TRUNCATE spend, spend_totals, paid_replies")
                await connection.execute("SET LOCAL statement_timeout = 0")
                if case:
                    await connection.execute(FILL, [case])
                    await connection.execute(TOTALS, {"credits": case})
                    await connection.execute("ANALYZE spend")
            mine: dict[str, list[float]] = {"ours": [], "sums over the ledger": [], "Lua in Redis": []}
            for place in range(rounds):
                mine["ours"].append(await ours(database))
                mine["Lua in Redis"].append((await timed(lambda: script(keys=keys, args=[2, MOST])))[0])
                if place % 10 == 0:
                    mine["sums over the ledger"].append(await summed(database))
            times[f"{case:,} rows"] = mine
    await database.close()
    return times


def figures(times: list[float]) -> dict[str, float]:
    """The median and the 99th percentile."""
    return {"p50": round(median(times), 3), "p99": round(quantiles(times, n=100, method="inclusive")[98], 3)}


def main() -> None:
    """Measure over a Postgres and a Valkey of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    try:
        urls = services.ensure(home)
        upgrade(urls.database_url)
        times = asyncio.run(measure(urls, 200_000 if quick else 1_000_000, 100 if quick else 500))
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    flat = {
        name: {f"{case} {part}": value for case in times for part, value in figures(times[case][name]).items()}
        for name in ("ours", "sums over the ledger", "Lua in Redis")
    }
    mine = flat.pop("ours")
    result = {
        "name": "spend",
        "unit": f"ms to reserve {FACTS} facts",
        "ours": mine,
        "peers": flat,
        "ratios": {
            peer: {case: round(mine[case] / value, 2) for case, value in cases.items()} for peer, cases in flat.items()
        },
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), "psycopg": version("psycopg"), "redis": version("redis")},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
