"""What closes a credential, in a real Redis: for some seconds at least, and as `scrapy keys` tells it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from redis.asyncio import Redis

from leadspiders.apis.http import Limit
from leadspiders.errors import CredentialRefused, QuotaUsedUp
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pace_ring import ring_of
from leadspiders.guard.pacing import Pacer
from leadspiders.rules.pace import SECOND, Window
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.credential_state import credential_states
from leadspiders.stores.redis.pace import Key, Promised, SharedPace

HASH_KEY = "00" * 32
KEYS = {"apollo": ["a", "b"]}
RING = Keyring.of(KEYS, HASH_KEY)
FIRST, SECOND_KEY = (one.id for one in RING.ring("apollo"))


def paced(urls: Urls, work: Callable[[Pacer, str], Awaitable[None]], **more: object) -> None:
    """Two keys of one team, at an address that nobody else has."""

    async def main() -> None:
        url = f"http://{uuid4().hex}.example.com"
        mine = Pacer(SharedPace(Redis.from_url(urls.redis_url), "test"), RING, {"apollo": url}, **more)
        async with asyncio.timeout(20):
            await work(mine, url)
        await mine.aclose()

    asyncio.run(main())


async def told(urls: Urls, url: str) -> list[str | None]:
    async with Redis.from_url(urls.redis_url) as redis:
        keys = [("apollo", key) for key in ring_of("apollo", RING)]
        states = await credential_states(redis, keys, {"apollo": url}, now=datetime.now(UTC))
    return [states[name].closed for name in (FIRST, SECOND_KEY)]


def test_a_window_that_never_opens_does_not_hang_redis(urls: Urls) -> None:
    async def main() -> None:
        async with asyncio.timeout(20), Redis.from_url(urls.redis_url) as redis:
            shared = SharedPace(redis, "test")
            for window in (Window(0, 86_400 * SECOND, aligned=True), Window(0, SECOND), Window(5, 0, aligned=True)):
                got = await shared.reserve(f"{{leads:pace:{uuid4().hex}}}", "x", [Key("one", "one")], [window])
                assert isinstance(got, Promised)

    asyncio.run(main())


def test_a_quota_whose_time_has_come_still_closes_for_seconds_and_no_other_key_is_open(urls: Urls) -> None:
    async def work(mine: Pacer, url: str) -> None:
        gone = QuotaUsedUp("used up", retry_at=datetime.now(UTC) - timedelta(seconds=1))
        assert not await mine.close("apollo", "search", FIRST, gone, paid=False)
        closed = await told(urls, url)
        assert all(one and one.startswith("search: used up, until ") for one in closed)  # of the team

    paced(urls, work)


def test_a_key_that_is_refused_for_some_endpoints_leaves_the_other_open(urls: Urls) -> None:
    async def work(mine: Pacer, url: str) -> None:
        assert await mine.close("apollo", "search", FIRST, CredentialRefused("no right", status=403), paid=False)
        first, second = await told(urls, url)
        assert first
        assert first.startswith("search: refused: no right, until ")
        assert second is None

    paced(urls, work)


def test_used_up_credits_and_a_wrong_key_are_told(urls: Urls) -> None:
    async def work(mine: Pacer, url: str) -> None:
        await mine.close("apollo", "bulk", FIRST, QuotaUsedUp("no credit is left"), paid=True)
        await mine.close("apollo", "bulk", SECOND_KEY, CredentialRefused("wrong", status=401), paid=True)
        first, second = await told(urls, url)
        assert first
        assert first.startswith("credits: no credit is left, until ")
        assert second
        assert second.startswith("refused: wrong, until ")

    paced(urls, work)


def test_a_call_that_never_left_makes_room(urls: Urls) -> None:
    limits = {("apollo", "search"): [Limit(group="search", calls=1, seconds=250)]}

    async def work(mine: Pacer, url: str) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            (start,) = await mine.starts("apollo", "search", 1, paid=False)
            assert start.slot
            assert start.at - loop.time() < 100
            await mine.unsent("apollo", "search", start.slot)

    paced(urls, work, limits=limits)
