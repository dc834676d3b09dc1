"""Some workers that call one endpoint of the sandbox as often as the shared pace lets them; prints counts as JSON.

Usage: pace_driver.py REDIS_URL SANDBOX_URL API WORKERS CALLS SECONDS WINDOWS [SHIFT]

Each worker is a process of its own, and calls for so many windows from one boundary on, or `SHIFT` seconds after it.
"""

import asyncio
import json
import multiprocessing
import os
import sys
import time
from collections import Counter

import aiohttp
from redis.asyncio import Redis

from leadspiders.apis.http import Limit
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pacing import Pacer
from leadspiders.stores.redis.pace import SharedPace

LANES = 4
ENDPOINTS = {
    "apollo": ("POST", "/apollo/api/v1/mixed_people/api_search", {"x-api-key": "pace"}),
    "hubspot": ("GET", "/hubspot/crm/v3/properties/contacts", {"Authorization": "Bearer pace"}),
}


async def work(redis_url: str, url: str, api: str, limit: Limit, span: tuple[float, float]) -> Counter[str]:
    """One worker's calls, by status."""
    begin, end = span
    counts: Counter[str] = Counter()
    redis = Redis.from_url(redis_url)
    keys = Keyring.of({api: ["pace"]}, "00" * 32)
    pacer = Pacer(
        SharedPace(redis, str(os.getpid())),
        keys,
        {api: url},
        limits={(api, "search"): [limit]},
        at_once=LANES,
        count=lambda name, by: counts.update({name: by}),
    )
    method, path, headers = ENDPOINTS[api]

    async def lane(session: aiohttp.ClientSession) -> None:
        while True:
            async with pacer.turn(api, "search", paid=False):
                if time.time() >= end:
                    return
                body = {"per_page": 1} if method == "POST" else None
                async with session.request(method, url + path, json=body, headers=headers) as answer:
                    await answer.read()
                    counts[str(answer.status)] += 1

    async with aiohttp.ClientSession() as session, redis:
        await asyncio.sleep(begin - time.time())
        lanes = [asyncio.ensure_future(lane(session)) for _ in range(LANES)]
        await asyncio.sleep(end - time.time() + 0.2)
        for one in lanes:
            one.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
    return counts


def run(place: int, results: "multiprocessing.Queue[Counter[str]]", *given: object) -> None:
    """A process."""
    results.put(asyncio.run(work(*given)))  # type: ignore[arg-type]


def main() -> None:
    """Start the workers, and add up what they did."""
    redis_url, url, api, workers, calls, seconds, windows = sys.argv[1:8]
    shift = float(sys.argv[8]) if len(sys.argv) > 8 else 0.0
    length = int(seconds)
    limit = Limit(group="search", calls=int(calls), seconds=length, aligned=api == "apollo")
    begin = (time.time() // length + 1) * length + shift
    if begin - time.time() < 0.5:
        begin += length
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[Counter[str]] = context.Queue()
    given = (redis_url, url, api, limit, (begin, begin + length * int(windows)))
    processes = [context.Process(target=run, args=(n, results, *given)) for n in range(int(workers))]
    for process in processes:
        process.start()
    total: Counter[str] = Counter()
    for _ in processes:
        total += results.get(timeout=60)
    for process in processes:
        process.join()
    print(json.dumps(total))


if __name__ == "__main__":
    main()
