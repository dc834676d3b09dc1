"""Leads a second from a page to the database: the seven stages beside plain scrapy-redis, and beside dlt's bare load.

`python benchmarks/pipeline.py [--quick]` prints one JSON object on its last line. Another process serves pages of 100
whole records, so that nothing is bought. Plain is a scrapy-redis project with an INSERT and a commit for each item; a
second one has seven stages that do nothing and stores nothing, the most that Scrapy gives; dlt merges the same records,
which it has in memory already. All take turns in each round.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from frontier import PEERS, helper
from peers.store_dlt import FORMATS, Dlt
from peers.store_leads import PAGE, flat, leads

from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.migrate import upgrade

CASE = "leads"


def crawl(who: str, first: int, pages: int, server: int, environment: dict[str, str]) -> dict[str, Any]:
    """One crawl in a process of its own; raises when not every record came through."""
    done = subprocess.run(
        [sys.executable, str(PEERS / "pipeline_crawl.py"), who, str(first), str(pages), f"http://127.0.0.1:{server}"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if result["leads"] != pages * PAGE:
        raise RuntimeError(f"{who}: {result['leads']} of {pages * PAGE} leads: {result['stats']} {done.stderr[-2000:]}")
    return result


def loaded(dlt: Dlt, number: int, loader: str) -> float:
    """Leads a second that dlt merges."""
    rows = [flat(person) for person in leads(number, "")]
    started = perf_counter()
    dlt.load(rows, loader)
    return number / (perf_counter() - started)


def measure(rounds: int, pages: int) -> dict[str, Any]:
    """Medians, and the medians of the ratios of each round."""
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    speeds: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    try:
        urls = services.ensure(home)
        upgrade(urls.database_url)
        environment = {"LEADS_HOME": str(home), "DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
        dlt = Dlt.of(urls.database_url, home)
        loader = dlt.fastest(pages * PAGE) if dlt else ""
        with helper("pipeline_pages.py", pages * rounds) as server:
            for number in range(rounds):
                for who in ("plain", "empty", "ours"):
                    result = crawl(who, number * pages, pages, server, environment)
                    speeds[who].append(result["leads"] / result["seconds"])
                    cpu[who].append(result["cpu"] / result["leads"] * 1e6)
                if dlt:
                    speeds[f"dlt merge ({loader})"].append(loaded(dlt, pages * PAGE, loader))
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    ours = speeds.pop("ours")
    names = {"plain": "plain scrapy-redis", "empty": "seven empty stages"}
    return {
        "name": "pipeline",
        "unit": "leads/s",
        "ours": {CASE: round(median(ours))},
        "peers": {names.get(name, name): {CASE: round(median(values))} for name, values in speeds.items()},
        "ratios": {
            names.get(name, name): {CASE: round(median(a / b for a, b in zip(ours, values, strict=True)), 2)}
            for name, values in speeds.items()
        },
        "cpu_us_per_lead": {name: round(median(values)) for name, values in cpu.items()},
        "loaders": FORMATS if dlt else "dlt is not installed: pip install -r requirements-bench.txt",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in ("scrapy", "scrapy-redis", "psycopg")},
    }


def main() -> None:
    """Print the report as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    print(json.dumps(measure(2, 8) if parser.parse_args().quick else measure(5, 100)))


if __name__ == "__main__":
    main()
