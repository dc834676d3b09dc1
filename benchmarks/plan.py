"""How near a plan comes to its run: time and credits, forecast over actual, where a limit, a cap or the goal binds.

Each case plans and then runs the campaign in a sandbox that allows Apollo's bulk match a few calls in some seconds; the
sandbox counts the credits. Each case has a database of its own. Without --quick a run before them measures how long the
machine takes to start and to end, and each database is told of it as of a former run.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from leadspiders.commands.sprint_run import SANDBOX_COMPANIES, SANDBOX_SEED, SPARE_PEOPLE
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.migrate import upgrade

ROOT = Path(__file__).parent.parent
CAMPAIGN = "performance_marketers"
EVERYBODY = 100_000


@dataclass(frozen=True)
class Case:
    """`limit` is Apollo's bulk match: calls and seconds. `goal` EVERYBODY: all of a world of `people`."""

    name: str
    goal: int
    limit: tuple[int, int]
    people: int = 0
    credits: int | None = None


FIRST = Case("first", 100, (100, 1))
QUICK = (Case("goal", 100, (3, 5)),)
FULL = (
    Case("goal", 300, (5, 10)),
    Case("quota", EVERYBODY, (5, 10), people=330),
    Case("cap", 300, (3, 10), credits=200),
)


def scrapy(words: list[str], surroundings: dict[str, str]) -> dict[str, Any]:
    """What a command prints with --json; 1 is a verdict, not a failure."""
    command = [sys.executable, "-m", "scrapy", *words, "--json"]
    done = subprocess.run(command, env=os.environ | surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def post(url: str, body: object) -> None:
    """Tell the sandbox something."""
    with urlopen(Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})):
        pass


def campaign(case: Case, home: Path) -> str:
    """The campaign's file, with the cap of the case."""
    text = files("leadspiders.campaigns").joinpath(f"{CAMPAIGN}.toml").read_text("utf-8")
    if case.credits is not None:
        text = text.replace("apollo = 30_000", f"apollo = {case.credits}")
    path = home / f"{case.name}.toml"
    path.write_text(text, "utf-8")
    return str(path)


def run(case: Case, home: Path, database: str) -> dict[str, Any]:
    """Plan, then run, in a database and a sandbox without a past."""
    calls, seconds = case.limit
    here = {"LEADS_HOME": str(home), "DATABASE_URL": database, "LEADS_LIMITS": f"apollo.bulk={calls}/{seconds}"}
    words = [campaign(case, home), "--goal", str(case.goal)]
    people = case.people or math.ceil(case.goal * SPARE_PEOPLE)
    url = services.ensure_sandbox(home, seed=SANDBOX_SEED, people=people, companies=SANDBOX_COMPANIES)
    post(f"{url}/_sandbox/reset", {})
    post(f"{url}/_sandbox/limits", {"apollo": {"people/bulk_match": [[calls, seconds]]}})
    if case.people:
        here |= environment(url)
    else:
        words.append("--sandbox")
    plan = scrapy(["plan", *words], here)
    report = scrapy(["sprint", *words], here)
    with urlopen(f"{url}/_sandbox/tally") as answer:
        tally = json.load(answer)
    return {
        "seconds": [plan["seconds"], round(report["hours"] * 3600, 1)],
        "credits": {
            name: [round(spread["likely"], 1), tally["credits"].get(name, 0)]
            for name, spread in plan["credits"].items()
        },
        "leads": [plan["leads"]["likely"], report["status"]["leads"]["ready"]],
        "usd": [round(plan["usd"]["likely"], 2), report["status"]["spend_usd"]],
        "binding": plan["binding"],
        "refused": sum(tally["given_429"].values()),
        "compared": [(one["what"], one["forecast"]["likely"], one["actual"]) for one in report["compared"]],
    }


def database(admin: str, former: dict[str, Any] | None = None) -> str:
    """A migrated database beside the others, without a row but that of a former run, in the sandbox and out of it."""
    name = f"bench_{uuid4().hex}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"{admin.rpartition('/')[0]}/{name}"
    upgrade(url)
    with psycopg.connect(url) as connection:
        for sandbox in (True, False) if former else ():
            connection.execute(
                "INSERT INTO runs (run_id, campaign, sandbox, settings) VALUES (%s, 'former', %s, %s)",
                [uuid4().hex, sandbox, Jsonb({"actual": former})],
            )
    return url


def measured(database_url: str) -> dict[str, Any]:
    """What the run in a database measured of this machine."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT settings -> 'actual' FROM runs").fetchone()
    found: dict[str, Any] = row[0] if row else {}
    return {name: found[name] for name in ("start_seconds", "end_seconds", "per_worker") if name in found}


def measure(cases: tuple[Case, ...], *, first: bool) -> dict[str, Any]:
    """All cases, one after the other."""
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    try:
        admin = services.ensure(home).database_url
        former = None
        if first:
            run(FIRST, home, url := database(admin))
            former = measured(url)
        found = {case.name: run(case, home, database(admin, former)) for case in cases}
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    ours = {}
    for name, one in found.items():
        ours[f"{name}: time"] = round(one["seconds"][0] / one["seconds"][1], 3)
        ours[f"{name}: Apollo credits"] = round(one["credits"]["apollo"][0] / max(one["credits"]["apollo"][1], 1), 3)
    return {
        "name": "plan",
        "unit": "forecast / actual",
        "ours": ours,
        "peers": {},
        "ratios": {},
        "cases": found,
        "former": former,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in ("scrapy", "redis", "aiohttp")},
    }


def main() -> None:
    """Print the report as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one case, in a minute")
    quick = parser.parse_args().quick
    print(json.dumps(measure(QUICK if quick else FULL, first=not quick)))


if __name__ == "__main__":
    main()
