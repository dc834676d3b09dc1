"""Some workers that call one endpoint of the sandbox as often as the shared pace lets them; prints counts as JSON.

Usage: pace_driver.py REDIS_URL SANDBOX_URL API WORKERS CALLS SECONDS WINDOWS [SHIFT]

Each worker is a process of its own, and calls for so many windows from one boundary on, or `SHIFT` seconds after it.
`idle` among the counts are the windows in which the machine left a worker or the sandbox waiting: nothing can be said
of how they were used.
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
IDLE_SECONDS = 0.5
ENDPOINTS = {
    "apollo": ("POST", "/apollo/api/v1/mixed_people/api_search", {"x-api-key": "pace"}),
    "hubspot": ("GET", "/hubspot/crm/v3/properties/contacts", {"Authorization": "Bearer pace"}),
}


class Watch:
    """Looks whether time goes by without this process, or with a call that is not answered; `idle` are the windows."""

    def __init__(self, begin: float, length: int) -> None:
        self._begin = begin
        self._length = length
        self.idle: set[int] = set()

    def passed(self, since: float) -> float:
        """Take note that nothing has happened since then; returns the time."""
        now = time.time()
        if now - since > IDLE_SECONDS:
            first, last = (int((moment - self._begin) // self._length) for moment in (since, now))
            self.idle |= set(range(first, last + 1))
        return now

    async def tick(self) -> None:
        """Look for ever."""
        last = self._begin
        while True:
            last = self.passed(last)
            await asyncio.sleep(IDLE_SECONDS / 10)


async def work(
    redis_url: str, url: str, api: str, limit: Limit, span: tuple[float, float]
) -> tuple[Counter[str], set[int]]:
    """One worker's calls, by status, and its idle windows."""
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
    watch = Watch(begin, limit.seconds)
    calling: set[asyncio.Task[None] | None] = set()

    async def lane(session: aiohttp.ClientSession) -> None:
        while time.time() < end:
            async with pacer.turn(api, "search", paid=False):
                sent = time.time()
                if sent >= end:
                    return
                calling.add(asyncio.current_task())
                body = {"per_page": 1} if method == "POST" else None
                async with session.request(method, url + path, json=body, headers=headers) as answer:
                    await answer.read()
                    counts[str(answer.status)] += 1
            calling.discard(asyncio.current_task())
            watch.passed(sent)

    async with aiohttp.ClientSession() as session, redis:
        await asyncio.sleep(begin - time.time())
        ticking = asyncio.ensure_future(watch.tick())
        lanes = [asyncio.ensure_future(lane(session)) for _ in range(LANES)]
        await asyncio.sleep(end - time.time() + 0.2)
        ticking.cancel()
        for one in lanes:
            if one not in calling:
                one.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
    return counts, watch.idle


def run(place: int, results: "multiprocessing.Queue[tuple[Counter[str], set[int]]]", *given: object) -> None:
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
    results: multiprocessing.Queue[tuple[Counter[str], set[int]]] = context.Queue()
    given = (redis_url, url, api, limit, (begin, begin + length * int(windows)))
    processes = [context.Process(target=run, args=(n, results, *given)) for n in range(int(workers))]
    for process in processes:
        process.start()
    total: Counter[str] = Counter()
    idle: set[int] = set()
    for _ in processes:
        counts, windows_of_one = results.get(timeout=60)
        total += counts
        idle |= windows_of_one
    for process in processes:
        process.join()
    print(json.dumps(total | {"idle": len(idle & set(range(int(windows))))}))


if __name__ == "__main__":
    main()
