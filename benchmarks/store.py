"""How fast leads get into Postgres: the writer beside raw COPY, INSERTs and dlt, with more and more rows there.

`python benchmarks/store.py [--quick]` prints one JSON object on its last line: leads a second, each with its company,
its standing in a campaign and its delivery, sealed and hashed, in 500 a transaction, under all indexes. Raw COPY makes
the same rows of the same records and looks nothing up; the writer looks for twins and opt-outs, and notes the receipts;
the other peers are given rows that are ready. All take turns in each round, and a ratio is the median of the rounds'
ratios.
"""

import argparse
import asyncio
import gc
import json
import os
import platform
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import psycopg
from peers.store_dlt import Dlt
from peers.store_leads import flat, leads, receipts
from peers.store_rows import BATCH, TABLES, Shape, executemany, one_by_one, raw_copy, raw_copy_of_records

from leadspiders.guard.keyed_hash import keyed_hash
from leadspiders.guard.vault import Vault
from leadspiders.items.contact import Contact
from leadspiders.pipelines.store import FULL_LANES, LANES
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.receipts import open_receipt
from leadspiders.stores.postgres.writer import Outcome, Writer

CAMPAIGN, RUN = "bench", "run"
NEW, MIXED = "all new", "20 % known"


def speed(number: int, work: Callable[[], object]) -> float:
    """Leads a second. What is there before, in a benchmark far more than in a crawl, is kept from the collector."""
    gc.collect()
    gc.freeze()
    started = perf_counter()
    work()
    return number / (perf_counter() - started)


class Ours:
    """The writer as a crawl uses it: one batch is with Postgres while the next is made ready."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self.vault = Vault([os.urandom(32)])
        self.keyed_hash = keyed_hash(os.urandom(32))
        self._database = Database(url, vault=self.vault)
        self._writer = Writer(
            self._database,
            campaign=CAMPAIGN,
            run_id=RUN,
            keyed_hash=self.keyed_hash,
            deliver=lambda _: ["hubspot"],
        )
        self._written: list[Contact] = []

    def announce(self, people: list[Contact]) -> None:
        """Open the receipts, as the middleware does before a record is worked on."""
        self._loop.run_until_complete(self._announce(people))

    def write(self, people: list[Contact], *, known: int = 0) -> None:
        """All of them durable; raises when not all but the known ones were stored."""
        kinds = self._loop.run_until_complete(self._write(people))
        if kinds.count("stored") != len(people) - known or kinds.count("merged") != known:
            raise RuntimeError(f"the writer stored {kinds.count('stored')} of {len(people)} with {known} known")
        self._written = [person for person in people if not person.known]

    def mixed(self, people: list[Contact]) -> list[Contact]:
        """The same with each fifth in place of one that is stored, as the recall gives it, and with a gap filled."""
        for place in range(0, len(people), 5):
            old, origin = self._written[place], people[place].origin
            old.known, old.company.known, old.phone = True, True, f"+1720{place:07d}"
            old.origin, people[place] = origin, old
        return people

    def close(self) -> None:
        """Give the connections back."""
        self._loop.run_until_complete(self._database.close())

    async def _announce(self, people: list[Contact]) -> None:
        for receipt, seen in receipts(people).items():
            await open_receipt(
                self._database, run_id=RUN, receipt=receipt, campaign=CAMPAIGN, source="apollo", url="", seen=seen
            )

    async def _write(self, people: list[Contact]) -> list[str]:
        lanes = asyncio.Semaphore(LANES + FULL_LANES)

        async def written(batch: list[Contact]) -> list[Outcome]:
            async with lanes:
                return await self._writer.write(batch)

        batches = [people[first : first + BATCH] for first in range(0, len(people), BATCH)]
        outcomes = [one for batch in await asyncio.gather(*map(written, batches)) for one in batch]
        for person, outcome in zip(people, outcomes, strict=True):
            person.id = outcome.id
        return [outcome.kind for outcome in outcomes]


def fill(connection: psycopg.Connection[Any], rows: int, present: int) -> None:
    """Have so many people more in the tables, a third as many companies, each a lead that waits."""
    run = f"filled {present}"
    connection.execute("SET statement_timeout = 0")
    for table in TABLES:  # a million rows in one statement are no case that the running counts are made for
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    connection.execute(
        "INSERT INTO companies (id, name, domain_key, provider_key, name_place_key, block_key, naics_code, state)"
        " SELECT gen_random_uuid(), 'Firm ' || n, decode(md5('d' || n), 'hex'), decode(md5('o' || n), 'hex'),"
        " decode(md5('n' || n), 'hex'), decode(md5('b' || n), 'hex'), '441110', 'CO' FROM generate_series(%s, %s) AS n",
        [present // 3 + 1, (present + rows) // 3],
    )
    connection.execute(
        "INSERT INTO contacts (id, full_name, email, linkedin_key, email_key, provider_key, email_hash, phone_hash,"
        " block_key, run_id, receipt, lineage) SELECT gen_random_uuid(), 'Person ' || n, sha256(n::text::bytea),"
        " decode(md5('l' || n), 'hex'), decode(md5('e' || n), 'hex'), decode(md5('p' || n), 'hex'),"
        " decode(md5('e' || n), 'hex'), decode(md5('t' || n), 'hex'), decode(md5('k' || n), 'hex'), %s, 'old',"
        " jsonb_build_object('email', repeat('x', 400)) FROM generate_series(%s, %s) AS n",
        [run, present + 1, present + rows],
    )
    connection.execute(
        "INSERT INTO prospects (lead_id, campaign, contact_id, lead_state)"
        " SELECT id, 'bench', id, 'ready' FROM contacts WHERE run_id = %s",
        [run],
    )
    connection.execute(
        "INSERT INTO outbox (campaign, destination, lead_id)"
        " SELECT 'bench', 'hubspot', id FROM contacts WHERE run_id = %s",
        [run],
    )
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE companies, contacts, prospects, outbox")
    connection.execute("CHECKPOINT")
    connection.autocommit = False


class Effort(NamedTuple):
    """Rows that are present before each case, rounds, and how many leads a turn of each kind of peer writes."""

    sizes: tuple[int, ...]
    rounds: int
    leads: int
    slow: int
    for_dlt: int
    seconds: float  # for the rounds of one size; a round that would likely end later is not begun


def measure(url: str, home: Path, plan: Effort) -> dict[str, Any]:
    """Speeds by peer and case, a figure a round."""
    speeds: dict[tuple[str, str], list[float]] = defaultdict(list)
    ours, dlt = Ours(url), Dlt.of(url, home)
    loader, present = "", 0
    with psycopg.connect(url) as connection:
        people = leads(2 * plan.leads, RUN)
        ours.announce(people)
        ours.write(people)  # the first leads warm up, and give the peers their rows
        shape = Shape(connection)
        if dlt:
            loader = dlt.fastest(plan.for_dlt)
        for size in plan.sizes:
            if size:
                fill(connection, size - present, present)
                if dlt:
                    dlt.fill(connection, size - present, present)
                    connection.commit()
                present = size
            began = perf_counter()
            for number in range(plan.rounds):
                spent = perf_counter() - began
                if number and spent + spent / number > plan.seconds:
                    break
                turn = _turn(connection, ours, shape, plan)
                for name, found in turn.items():
                    speeds[name, f"{size:,} rows"].append(found)
                if dlt:
                    rows = [flat(person) for person in leads(plan.for_dlt, RUN)]
                    speeds[f"dlt merge ({loader})", f"{size:,} rows"].append(
                        speed(plan.for_dlt, lambda rows=rows: dlt.load(rows, loader))
                    )
    ours.close()
    return report(speeds, note="" if dlt else "dlt is not installed: pip install -r requirements-bench.txt")


def _turn(connection: psycopg.Connection[Any], ours: Ours, shape: Shape, plan: Effort) -> dict[str, float]:
    """The speed of each peer but dlt."""
    number, few = plan.leads, plan.slow
    found: dict[str, float] = {}
    people = leads(number, RUN)
    ours.announce(people)
    found[NEW] = speed(number, lambda: ours.write(people))
    others = leads(number, RUN)
    found["raw COPY"] = speed(
        number, lambda: raw_copy_of_records(connection, others, ours.keyed_hash, ours.vault, CAMPAIGN)
    )
    batches = shape.batches(number)
    found["raw COPY of rows that are ready"] = speed(number, lambda: raw_copy(connection, shape, batches))
    mixed = ours.mixed(leads(number, RUN))
    ours.announce(mixed)
    found[MIXED] = speed(number, lambda: ours.write(mixed, known=number // 5))
    many = shape.batches(few)
    found["executemany"] = speed(few, lambda: executemany(connection, shape, many))
    single = shape.batches(few)
    found["INSERT and commit each"] = speed(few, lambda: one_by_one(connection, shape, single))
    return found


def report(speeds: dict[tuple[str, str], list[float]], note: str) -> dict[str, Any]:
    """Medians, and the medians of the ratios of each round."""
    sizes = list(dict.fromkeys(case for _, case in speeds))
    names = list(dict.fromkeys(name for name, _ in speeds if name not in {NEW, MIXED}))
    ratios: dict[str, dict[str, float]] = {name: {} for name in names}
    for name in names:
        for size in sizes:
            for kind in (NEW, MIXED):
                pairs = zip(speeds[kind, size], speeds[name, size], strict=True)
                ratios[name][f"{kind}, {size}"] = round(median(mine / theirs for mine, theirs in pairs), 2)
    return {
        "name": "store",
        "unit": "leads/s",
        "ours": {f"{kind}, {size}": round(median(speeds[kind, size])) for size in sizes for kind in (NEW, MIXED)},
        "peers": {name: {size: round(median(speeds[name, size])) for size in sizes} for name in names},
        "ratios": ratios,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), "psycopg": version("psycopg"), "postgres": "18.4"},
    } | ({"note": note} if note else {"dlt": version("dlt")})


def main() -> None:
    """Measure over a Postgres of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    quick = parser.parse_args().quick
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    try:
        url = services.ensure(home).database_url
        upgrade(url)
        short = Effort(sizes=(0, 20_000), rounds=3, leads=1000, slow=100, for_dlt=1000, seconds=15)
        full = Effort(sizes=(0, 100_000, 1_000_000), rounds=3, leads=8000, slow=500, for_dlt=10_000, seconds=600)
        result = measure(url, home, short if quick else full)
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
