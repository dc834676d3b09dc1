"""How long a batch of 100 claims takes beside a plain pipeline of `SET NX`, on the embedded Valkey.

`python benchmarks/claims.py [--quick]` prints one JSON object on its last line: milliseconds for one batch, the median
and the 99th percentile, with two identities a lead. The peer claims the same keys one by one in a pipeline, so that two
workers could hold half of a lead each. Both take turns within one run.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from uuid import uuid4

from redis.asyncio import Redis

from leadspiders.stores.embedded import services
from leadspiders.stores.redis.claims import Claim, Claims

BATCH = 100


def batch() -> list[Claim]:
    """New leads with two identities each."""
    return [Claim(token=uuid4().hex, keys=(uuid4().hex, uuid4().hex)) for _ in range(BATCH)]


async def timed(work: Callable[[list[Claim]], Awaitable[object]]) -> float:
    """Milliseconds that one batch takes."""
    claims = batch()
    started = perf_counter()
    await work(claims)
    return (perf_counter() - started) * 1000


async def measure(url: str, rounds: int) -> tuple[list[float], list[float]]:
    """Times of ours and of the peer, taken in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    async with Redis.from_url(url) as redis:
        claims = Claims(redis, prefix="{bench}:")

        async def pipeline(wanted: list[Claim]) -> None:
            async with redis.pipeline(transaction=False) as pipe:
                for claim in wanted:
                    for key in claim.keys:
                        pipe.set(f"{{bench}}:plain:{key}", claim.token, nx=True, ex=120)
                await pipe.execute()

        for _ in range(rounds):
            ours.append(await timed(claims.take))
            theirs.append(await timed(pipeline))
    return ours, theirs


def figures(times: list[float]) -> dict[str, float]:
    """The median and the 99th percentile."""
    return {"p50": round(median(times), 3), "p99": round(quantiles(times, n=100)[98], 3)}


def main() -> None:
    """Measure over a Valkey of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 300 if parser.parse_args().quick else 2000
    home = Path(tempfile.mkdtemp(prefix="leadspiders-bench-"))
    home.chmod(0o755)
    try:
        ours, theirs = (figures(times) for times in asyncio.run(measure(services.ensure(home).redis_url, rounds)))
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)
    result = {
        "name": "claims",
        "unit": f"ms a batch of {BATCH}",
        "ours": ours,
        "peers": {"pipeline of SET NX": theirs},
        "ratios": {"pipeline of SET NX": {case: round(ours[case] / theirs[case], 2) for case in ours}},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), "redis": version("redis")},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
