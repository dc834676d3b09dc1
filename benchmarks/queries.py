"""How long the product's own queries take over many leads: the 95th percentile of each, in milliseconds.

`python benchmarks/queries.py [--quick] [--size N]` fills a PostgreSQL of its own with N companies, a person at each and
all that belongs to them, and prints one JSON object on its last line. `--quick` is 30,000; otherwise it is a million.

Beside the time it counts the rows that each query reads of the tables that grow with the leads, by whatever plan: what
reads a share of them takes longer with every lead, even where it is still fast enough here.
"""

import argparse
import asyncio
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median, quantiles
from time import perf_counter
from typing import Any

import psutil
import psycopg
from peers.many_leads import CAMPAIGN, fill

from leadspiders.campaigns.loader import load
from leadspiders.ops.report.collect import collect
from leadspiders.ops.spending import spending
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres import figures, lead_outcomes, outbox
from leadspiders.stores.postgres.accounting import account_by_run, open_receipts
from leadspiders.stores.postgres.dossier import dossiers
from leadspiders.stores.postgres.incomplete import incomplete
from leadspiders.stores.postgres.leads import select_leads
from leadspiders.stores.postgres.ledger import differences, removed
from leadspiders.stores.postgres.markets import market_plan
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.status import ready_leads, status
from leadspiders.stores.postgres.tallies import drifted_tallies

Query = Callable[[Database], Awaitable[object]]
QUICK, FULL = 30_000, 1_000_000
LIMIT_MS = 500
BIG = ["companies", "contacts", "prospects", "outbox", "spend", "campaign_companies"]
WHOLE = {"ledger, against the tables", "ledger, the running counts"}
"""Checks whose very point is to go through all rows."""

_READ = """
SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = ANY(%(big)s))::bigint,
       (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ANY(%(big)s))::bigint
"""


class Plain:
    """Stands in for the vault: nothing of the made-up people is sealed."""

    def seal(self, plain: bytes, _purpose: str) -> bytes:
        """As it is."""
        return plain

    def open(self, _sealed: bytes, _purpose: str) -> bytes:
        """Something readable."""
        return b"ann@example.com"


def queries() -> dict[str, Query]:
    """What the commands ask, by name."""
    campaign = load(CAMPAIGN)

    async def leads(database: Database, **how: Any) -> object:
        return [lead async for lead in select_leads(database, CAMPAIGN, **how)]

    def on_connection(ask: Callable[..., Awaitable[object]], *values: Any) -> Query:
        async def asked(database: Database) -> object:
            async with database.connection() as connection:
                return await ask(connection, *values)

        return asked

    person, no_hash = f"{4242:024x}ffffffff", lambda _kind, value: bytes.fromhex(value) if len(value) == 32 else b""
    return {
        "status": lambda database: status(database, CAMPAIGN),
        "ready leads": lambda database: ready_leads(database, CAMPAIGN),
        "leads, 50 best": lambda database: leads(database, state="ready", limit=50),
        "leads to enrich, 100 best": lambda database: incomplete(database, CAMPAIGN, limit=100),
        "leads, above a fit": lambda database: leads(database, state="ready", min_fit=90, limit=500),
        "explain, by id": lambda database: dossiers(database, "id", person, no_hash),
        "explain, by e-mail": lambda database: dossiers(database, "email", _md5("e4242"), no_hash),
        "explain, by domain": lambda database: dossiers(database, "domain", _md5("d4242"), no_hash),
        "ledger, by run": on_connection(account_by_run, CAMPAIGN),
        "ledger, open": on_connection(open_receipts, CAMPAIGN),
        "ledger, removed": on_connection(removed, CAMPAIGN),
        "ledger, against the tables": on_connection(differences, CAMPAIGN),
        "ledger, the running counts": on_connection(drifted_tallies, CAMPAIGN),
        "spend": lambda database: spending(database, campaign, now=datetime.now(UTC)),
        "deliveries": lambda database: outbox.counts(database, CAMPAIGN),
        "reasons": lambda database: figures.top_reasons(database, CAMPAIGN),
        "per minute": lambda database: figures.leads_per_minute(database, CAMPAIGN),
        "companies": lambda database: figures.top_companies(database, CAMPAIGN),
        "titles": lambda database: figures.top(database, CAMPAIGN, "job_title"),
        "experiment": lambda database: lead_outcomes.arms(database, CAMPAIGN),
        "markets": lambda database: market_plan(database, load("dpc_employers")),
        "report": lambda database: collect(database, campaign, kind="daily", now=datetime.now(UTC)),
    }


async def rows_read(database: Database, query: Query) -> dict[str, int]:
    """Rows of the big tables that a query reads: by scans of whole tables, and through indexes."""
    before = await _read(database)
    await query(database)
    after = await _read(database)
    return {"whole tables": after[0] - before[0], "indexes": after[1] - before[1]}


async def unbounded(database: Database, size: int) -> dict[str, dict[str, int]]:
    """Queries that read a big table as a whole, or so many rows through indexes that more leads would mean more."""
    found = {name: await rows_read(database, query) for name, query in queries().items() if name not in WHOLE}
    return {name: read for name, read in found.items() if read["whole tables"] or read["indexes"] > most(size)}


def most(size: int) -> int:
    """Rows that a query may read: fewer than the smallest of the tables has."""
    return min(size * 9 // 20, 20_000)


async def _read(database: Database) -> tuple[int, int]:
    async with database.connection() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
    async with database.connection() as connection:
        row = await (await connection.execute(_READ, {"big": BIG})).fetchone()
    assert row
    return row[0], row[1]


async def measure(url: str, rounds: int, size: int) -> dict[str, Any]:
    """By query, all taken in turns: the median, the 95th percentile, the mean processor time of the one server process;
    and those that read too much."""
    database, asked = Database(url, vault=Plain(), max_size=1), queries()
    times: dict[str, list[float]] = {name: [] for name in asked}
    busy: dict[str, list[float]] = {name: [] for name in asked}
    try:
        async with database.connection() as connection:
            server = psutil.Process(connection.info.backend_pid)
        for _ in range(rounds + 1):
            for name, query in asked.items():
                if name in WHOLE and len(times[name]) >= 2:
                    continue
                started, used = perf_counter(), sum(server.cpu_times()[:2])
                await query(database)
                times[name].append((perf_counter() - started) * 1000)
                busy[name].append((sum(server.cpu_times()[:2]) - used) * 1000)
        too_many = await unbounded(database, size)
    finally:
        await database.close()
    # The first round fills the cache.
    counted = {name: found[1:] for name, found in times.items()}
    return {
        "p50": {name: round(median(found), 1) for name, found in counted.items()},
        "p95": {name: round(_p95(found), 1) for name, found in counted.items()},
        "processor_ms": {name: round(mean(found[1:])) for name, found in busy.items()},
        "unbounded": too_many,
    }


def _p95(found: list[float]) -> float:
    return quantiles(found, n=20, method="inclusive")[18] if len(found) > 1 else found[0]


def sizes(url: str) -> dict[str, float]:
    """Bytes a lead: of its lineage, and of the whole database."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT avg(pg_column_size(c.lineage)) + avg(pg_column_size(f.lineage)),"
            " pg_database_size(current_database()) / count(*)::float"
            " FROM contacts c JOIN companies f ON f.id = c.company_id"
        ).fetchone()
    assert row
    return {"lineage": round(float(row[0])), "whole": round(row[1])}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def main() -> None:
    """Measure over a PostgreSQL of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--size", type=int)
    options = parser.parse_args()
    size = options.size or (QUICK if options.quick else FULL)
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    try:
        url = services.ensure(home).database_url
        upgrade(url)
        started = perf_counter()
        fill(url, size)
        filled = perf_counter() - started
        ours = asyncio.run(measure(url, 5 if options.quick else 20, size))
        room = sizes(url)
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    result = {
        "name": "queries",
        "unit": f"ms, 95th percentile, over {size:,} companies and as many people",
        "ours": ours["p95"],
        "p50": ours["p50"],
        "processor_ms": ours["processor_ms"],
        "unbounded": ours["unbounded"],
        "peers": {},
        "ratios": {},
        "over_limit": sorted(name for name, took in ours["p95"].items() if took > LIMIT_MS),
        "bytes_per_lead": room,
        "seconds_to_fill": round(filled, 1),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), "postgres": "18"},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
