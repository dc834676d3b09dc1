"""Some processes that call the counting server as fast as their limiter lets them.

Usage: pace_workers.py LIMITER PROCESSES CALLS SECONDS WINDOWS REDIS_URL SERVER_URL
"""

import asyncio
import multiprocessing
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import aiohttp
import throttled.asyncio as throttled
from pyrate_limiter import Limiter, Rate, RedisBucket
from redis.asyncio import Redis

from leadspiders.apis.http import Limit
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pacing import Pacer
from leadspiders.stores.redis.pace import SharedPace

LANES = 4
Turn = Callable[[], AbstractAsyncContextManager[None]]


def around(wait: Callable[[], Awaitable[object]]) -> Turn:
    """A limiter that is waited for before each call."""

    @asynccontextmanager
    async def turn():
        await wait()
        yield

    return turn


async def ours(redis_url: str, calls: int, seconds: int) -> Turn:
    """The shared pace."""
    limits = {("apollo", "search"): [Limit(group="search", calls=calls, seconds=seconds, aligned=True)]}
    pacer = Pacer(
        SharedPace(Redis.from_url(redis_url), str(os.getpid())),
        Keyring.of({"apollo": ["key"]}, "00" * 32),
        {},
        limits=limits,
        at_once=LANES,
    )
    return lambda: pacer.turn("apollo", "search", paid=False)


async def throttled_py(redis_url: str, calls: int, seconds: int) -> Turn:
    """throttled-py: fixed windows of the clock, as the server has, waiting for room."""
    limiter = throttled.Throttled(
        key=f"bench-{calls}-{seconds}",
        using="fixed_window",
        quota=throttled.per_duration(timedelta(seconds=seconds), limit=calls),
        store=throttled.RedisStore(server=redis_url),
        timeout=60,
    )
    return around(limiter.limit)


async def pyrate_limiter(redis_url: str, calls: int, seconds: int) -> Turn:
    """pyrate-limiter: a sliding log, waiting for room."""
    bucket = await RedisBucket.init([Rate(calls, seconds * 1000)], Redis.from_url(redis_url), "bench-pyrate")
    limiter = Limiter(bucket)
    return around(lambda: limiter.try_acquire_async("call"))


async def download_delay(_: str, calls: int, seconds: int) -> Turn:
    """Scrapy's own means: a pause between two calls in each process, which knows of no other."""
    free = 0.0

    async def wait() -> None:
        nonlocal free
        now = time.monotonic()
        free = max(free + seconds / calls, now)
        await asyncio.sleep(free - now)

    return around(wait)


LIMITERS = {
    "ours": ours,
    "throttled-py": throttled_py,
    "pyrate-limiter": pyrate_limiter,
    "DOWNLOAD_DELAY": download_delay,
}


async def work(begin: float) -> None:
    """One process."""
    name, _, calls, seconds, windows, redis_url, server = sys.argv[1:8]
    turn = await LIMITERS[name](redis_url, int(calls), int(seconds))
    end = begin + int(seconds) * int(windows)

    async def lane(session: aiohttp.ClientSession) -> None:
        while True:
            async with turn():
                if time.time() >= end:
                    return
                async with session.get(f"{server}/{calls}/{seconds}"):
                    pass

    async with aiohttp.ClientSession() as session:
        await asyncio.sleep(begin - time.time())
        lanes = [asyncio.ensure_future(lane(session)) for _ in range(LANES)]
        await asyncio.sleep(end - time.time() + 0.1)
        for one in lanes:
            one.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)


def run(begin: float) -> None:
    """A process, which leaves without tidying up."""
    asyncio.run(work(begin))
    os._exit(0)


def main() -> None:
    """All processes begin at the same boundary of the clock."""
    seconds = int(sys.argv[4])
    begin = (time.time() // seconds + 1) * seconds
    begin += seconds if begin - time.time() < 0.6 else 0
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=run, args=(begin,)) for _ in range(int(sys.argv[2]))]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()
