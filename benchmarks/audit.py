"""What the audit trail costs: the same crawl of small pages with and without it, and how fast a trail is verified.

The two take turns within a round. The figures are processor time of the crawling process, up to the last row written.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from frontier import PEERS, helper

from leadspiders.rules.audit_chain import Chain
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.audit import verify
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.pool import Database

CASES = ("without", "with")


def crawl(case: str, pages: int, server: int, database_url: str, home: Path) -> dict[str, float]:
    """One crawl in a process of its own; raises when it did not get every page."""
    script, url = str(PEERS / "audit_crawl.py"), f"http://127.0.0.1:{server}"
    done = subprocess.run(
        [sys.executable, script, case, str(pages), url, database_url, str(home)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["pages"] != pages:
        raise RuntimeError(f"{case}: {result['pages']} of {pages} pages: {done.stderr[-2000:]}")
    return result


async def verified(database_url: str) -> tuple[int, float]:
    """Rows that were found whole, and rows a second."""
    database, began = Database(database_url), time.perf_counter()
    try:
        verdict = await verify(database, Chain(bytes(32)))
    finally:
        await database.close()
    if verdict.problem:
        raise RuntimeError(verdict.problem)
    return verdict.rows, verdict.rows / (time.perf_counter() - began)


def measure(rounds: int, pages: int) -> dict[str, object]:
    """Medians over the rounds."""
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    cpu: dict[str, list[float]] = {case: [] for case in CASES}
    speed: dict[str, list[float]] = {case: [] for case in CASES}
    try:
        url = services.ensure(home).database_url
        upgrade(url)
        with helper("frontier_pages.py") as server:
            for _ in range(rounds):
                for case in CASES:
                    result = crawl(case, pages, server, url, home)
                    cpu[case].append(result["cpu"] / pages * 1e6)
                    speed[case].append(pages / result["seconds"])
        rows, rate = asyncio.run(verified(url))
        if rows != rounds * pages:
            raise RuntimeError(f"{rows} rows of {rounds * pages} requests")
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    ratio = median(b / a for a, b in zip(cpu["without"], cpu["with"], strict=True))
    return {
        "name": "audit",
        "unit": "us of processor time a page",
        "ours": {"page": round(median(cpu["with"]))},
        "peers": {"without": {"page": round(median(cpu["without"]))}},
        "ratios": {"without": {"page": round(ratio, 3)}},
        "pages_per_second": {case: round(median(values)) for case, values in speed.items()},
        "rows_verified_per_second": round(rate),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in ("scrapy", "psycopg")},
    }


def main() -> None:
    """Print the report as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    print(json.dumps(measure(3, 1000) if parser.parse_args().quick else measure(7, 5000)))


if __name__ == "__main__":
    main()
