"""Several workers, one limit: the sandbox's own counts say whether they were too fast, and whether they were slow."""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from redis.asyncio import Redis

from leadspiders.apis.http import Limit, Usage
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, Unpaced
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pacing import Pacer
from leadspiders.rules.pace import SECOND, Book, Window, reserve
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.pace import Key, Promised, SharedPace, closed_until, place, quota_left

DRIVER = Path(__file__).with_name("pace_driver.py")
ROOT = Path(__file__).parents[2]
SEARCH = "mixed_people/api_search"
TIMEOUT = 5
HASH_KEY = "00" * 32


@pytest.fixture
def sandbox(sandbox_url: str) -> Iterator[str]:
    requests.post(f"{sandbox_url}/_sandbox/reset", timeout=TIMEOUT)
    yield sandbox_url
    requests.post(f"{sandbox_url}/_sandbox/reset", timeout=TIMEOUT)


def driven(urls: Urls, sandbox: str, *words: object) -> dict[str, int]:
    """What some workers did."""
    done = subprocess.run(
        [sys.executable, str(DRIVER), urls.redis_url, sandbox, *map(str, words)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def test_ten_workers_use_the_windows_of_the_clock_and_are_never_refused(urls: Urls, sandbox: str) -> None:
    ordered = {"apollo": {SEARCH: [[60, 2]]}}
    requests.post(f"{sandbox}/_sandbox/limits", json=ordered, timeout=TIMEOUT).raise_for_status()
    counts = driven(urls, sandbox, "apollo", 10, 60, 2, 3)
    tally = requests.get(f"{sandbox}/_sandbox/tally", timeout=TIMEOUT).json()
    peak = tally["highest"][f"apollo {SEARCH} per 2 s"]
    assert (tally["given_429"]["apollo"], peak) == (0, {"allowed": 60, "highest": 60})
    assert counts["200"] >= 0.98 * 60 * (3 - counts["idle"])


def test_a_window_without_ends_is_kept_as_well(urls: Urls, sandbox: str) -> None:
    ordered = {"hubspot": {"": [[40, 2]]}}
    requests.post(f"{sandbox}/_sandbox/limits", json=ordered, timeout=TIMEOUT).raise_for_status()
    counts = driven(urls, sandbox, "hubspot", 3, 40, 2, 2, 0.7)
    tally = requests.get(f"{sandbox}/_sandbox/tally", timeout=TIMEOUT).json()
    assert tally["given_429"]["hubspot"] == 0
    assert 0.95 * 40 * (2 - counts["idle"]) <= counts["200"] <= 80


def within(urls: Urls, work: Callable[[SharedPace, str, Redis], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(30), Redis.from_url(urls.redis_url) as redis:
            await work(SharedPace(redis, "test"), f"{{leads:pace:{uuid4().hex}}}", redis)

    asyncio.run(main())


RING = [Key("one", "one")]


async def promised(shared: SharedPace, where: str, *windows: Window, number: int = 1, **more: Any) -> Promised:
    got = await shared.reserve(where, "search", RING, windows, number=number, **more)
    assert isinstance(got, Promised)
    return got


@pytest.mark.parametrize("seed", range(6))
def test_redis_promises_what_the_model_promises(urls: Urls, seed: int) -> None:
    dice = random.Random(seed)
    lengths = dice.sample([700_000, 1_300_000, 5 * SECOND, 3_600 * SECOND], dice.randint(1, 3))
    windows = [Window(dice.randint(1, 7), micros, aligned=dice.random() < 0.5) for micros in lengths]

    async def work(shared: SharedPace, where: str, redis: Redis) -> None:
        book = Book()
        for _ in range(6):
            got = await promised(shared, where, *windows, number=dice.randint(1, 4))
            model = [reserve(book, windows, got.now) for _ in got.slots]
            assert [slot.at for slot in got.slots] == model

    within(urls, work)


def test_what_is_given_back_is_promised_again(urls: Urls) -> None:
    async def work(shared: SharedPace, where: str, redis: Redis) -> None:
        for window in (Window(2, 3_600 * SECOND, aligned=True), Window(2, 60 * SECOND)):
            first = await promised(shared, where, window, number=2)
            late = await promised(shared, where, window)
            assert late.slots[0].at > first.slots[0].at + 10 * SECOND or window.aligned
            again = await promised(shared, where, window, back=[first.slots[1], late.slots[0]])
            assert again.slots[0].at < again.now + 2 * SECOND or window.aligned

    within(urls, work)


def test_a_stated_limit_replaces_ours_up_and_down_and_voids_promises(urls: Urls) -> None:
    async def work(shared: SharedPace, where: str, redis: Redis) -> None:
        ours = (Window(2, 3_600 * SECOND),)
        got = await promised(shared, where, *ours, number=3)
        assert got.slots[2].at > got.now + 3_000 * SECOND
        raised = await shared.tell(where, got.book, ours, [Usage(seconds=3_600, limit=5)], slot=got.slots[0].at)
        assert raised > got.generation
        anew = await promised(shared, where, *ours, number=3, back=[got.slots[2]])
        assert [slot.at for slot in anew.slots] == [anew.now] * 3
        assert anew.windows == (Window(5, 3_600 * SECOND),)
        await shared.tell(where, got.book, ours, [Usage(seconds=3_600, limit=1)], slot=anew.slots[0].at)
        assert (await promised(shared, where, *ours)).slots[0].at > anew.now + 3_000 * SECOND

    within(urls, work)


def test_what_others_use_of_the_same_key_is_not_promised(urls: Urls) -> None:
    async def work(shared: SharedPace, where: str, redis: Redis) -> None:
        for window in (Window(100, 86_400 * SECOND, aligned=True), Window(100, 60 * SECOND)):
            got = await promised(shared, where, window)
            usage = [Usage(seconds=window.micros // SECOND, limit=100, left=1)]
            await shared.tell(where, got.book, [window], usage, slot=got.slots[0].at)
            then = await promised(shared, where, window, number=2)
            assert then.slots[0].at == then.now
            assert then.slots[1].at > then.now + 10 * SECOND

    within(urls, work)


def test_a_hold_is_for_everybody_and_grows_while_nobody_says_how_long(urls: Urls) -> None:
    async def work(shared: SharedPace, where: str, redis: Redis) -> None:
        window = Window(1_000, 60 * SECOND)
        got = await promised(shared, where, window)
        await shared.tell(where, got.book, [window], hold=30.0)
        held = await promised(shared, where, window)
        assert held.now + 29 * SECOND < held.slots[0].at <= held.now + 30 * SECOND
        other = f"{where}:other"
        await shared.tell(other, "one|search", [window], hold=0.0)
        first = await promised(shared, other, window)
        assert 0 < first.slots[0].at - first.now <= SECOND // 2
        await shared.tell(other, "one|search", [window], hold=0.0)  # of a call that was under way: no second strike
        assert (await promised(shared, other, window)).slots[0].at == first.slots[0].at

    within(urls, work)


def pacer(urls: Urls, url: str, keys: list[str], **more: Any) -> Pacer:
    redis = Redis.from_url(urls.redis_url, socket_timeout=2)
    return Pacer(SharedPace(redis, "test"), Keyring.of({"apollo": keys}, HASH_KEY), {"apollo": url}, **more)


def made_up() -> str:
    return f"http://{uuid4().hex}.example.com"


def test_a_credential_that_is_used_up_or_refused_gives_way_to_the_next(urls: Urls) -> None:
    url, ids = made_up(), [one.id for one in Keyring.of({"apollo": ["a", "b"]}, HASH_KEY).ring("apollo")]

    async def main() -> None:
        mine = pacer(urls, url, ["a", "b"])
        async with mine.turn("apollo", "bulk", paid=True) as start:
            assert start.credential == ids[0]
        assert await mine.close("apollo", "bulk", ids[0], CredentialRefused("no", status=401), paid=True)
        async with mine.turn("apollo", "search", paid=False) as start:
            assert start.credential == ids[1]
        until = datetime.now(UTC) + timedelta(hours=5)
        gone = QuotaUsedUp("the day is used up", retry_at=until)
        assert not await mine.close("apollo", "search", ids[1], gone, paid=False)
        with pytest.raises(QuotaUsedUp):  # of the team, and so of both
            async with mine.turn("apollo", "search", paid=False):
                pass
        async with mine.turn("apollo", "bulk", paid=True) as start:
            assert start.credential == ids[1]
        await mine.aclose()

    asyncio.run(main())


def test_a_used_up_day_closes_the_api_and_says_until_when(urls: Urls) -> None:
    url = made_up()
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=5)

    async def main() -> None:
        mine, other = pacer(urls, url, ["a"]), pacer(urls, url, ["a"])
        async with mine.turn("apollo", "search", paid=False) as start:
            pass
        await mine.close("apollo", "search", start.credential, QuotaUsedUp("used up", retry_at=until), paid=False)
        with pytest.raises(QuotaUsedUp) as refused:
            async with other.turn("apollo", "search", paid=False):
                pass
        assert refused.value.retry_at == until
        async with Redis.from_url(urls.redis_url) as redis:
            assert (await closed_until(redis, {"apollo": url}))["apollo"] == until
            left = await quota_left(redis, start.credential, url)
            assert left["search"][3_600] == (5_999, 6_000)
            assert "apollo" not in await closed_until(redis, {"apollo": made_up()})
        await mine.aclose()
        await other.aclose()

    asyncio.run(main())


def test_a_call_that_would_wait_too_long_is_not_made_and_keeps_no_place(urls: Urls) -> None:
    limits = {("apollo", "search"): [Limit(group="search", calls=1, seconds=1_800)]}

    async def main() -> None:
        mine = pacer(urls, made_up(), ["a"], limits=limits)
        async with mine.turn("apollo", "search", paid=False):
            pass
        waits = []
        for _ in range(2):
            with pytest.raises(RateLimited) as refused:
                async with mine.turn("apollo", "search", paid=False):
                    pass
            waits.append(refused.value.retry_after or 0.0)
        assert 1_700 < waits[1] <= waits[0] < 1_900
        await mine.aclose()

    asyncio.run(main())


def test_a_waiting_call_goes_as_soon_as_the_provider_allows_more(urls: Urls) -> None:
    limits = {("apollo", "search"): [Limit(group="search", calls=1, seconds=200)]}

    async def main() -> None:
        mine = pacer(urls, made_up(), ["a"], limits=limits)

        async def call() -> None:
            async with mine.turn("apollo", "search", paid=False):
                pass

        async with mine.turn("apollo", "search", paid=False) as start:
            waiting = asyncio.ensure_future(call())
            await asyncio.sleep(0.05)
            assert not waiting.done()
            await mine.told("apollo", start.slot, [Usage(seconds=200, limit=50, left=49)])
            await asyncio.wait_for(waiting, 2)
        await mine.aclose()

    asyncio.run(main())


def test_while_redis_is_away_nothing_is_bought_and_the_rest_goes_at_a_local_share(tmp_path: Path) -> None:
    nowhere = Urls(database_url="", redis_url="redis://127.0.0.1:1/0")
    limits = {("apollo", "search"): [Limit(group="search", calls=20, seconds=3)]}

    async def main() -> None:
        mine = pacer(nowhere, made_up(), ["a"], limits=limits)
        with pytest.raises(Unpaced):
            async with mine.turn("apollo", "bulk", paid=True):
                pass
        starts = await mine.starts("apollo", "search", 3, paid=False)
        assert [start.slot for start in starts] == [None] * 3
        assert starts[1].at - starts[0].at < 0.1
        assert starts[2].at - starts[0].at > 2.9

    asyncio.run(main())


def test_a_stand_in_has_a_pace_of_its_own() -> None:
    assert place("apollo") == place("apollo", "https://api.apollo.io") == "{leads:pace:apollo}"
    assert place("apollo", "http://127.0.0.1:8000/apollo") == "{leads:pace:apollo@http://127.0.0.1:8000/apollo}"
