"""The dedup stage over a real Valkey and Postgres: one record of a person at a time, no claim outlives its record."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any

import pytest
from redis.asyncio import Redis
from scrapy.settings import Settings

from leadspiders.errors import StoreError
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.pipelines.dedup import Dedup
from leadspiders.rules.identity import contact_keys
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.postgres.pool import Database
from tests.conftest import VAULT

NOBODY = "127.0.0.1:1"


def keyed(kind: str, value: str) -> bytes:
    return blake2b(f"{kind}:{value}".encode(), digest_size=16).digest()


def ada() -> Contact:
    return Contact(full_name="Ada Example", linkedin_url="https://www.linkedin.com/in/ada-example")


KEY = keyed("linkedin", contact_keys(ada()).linkedin or "").hex()


class Open:
    """A stage that is open, its stats, and the claims that Redis holds."""

    def __init__(self, redis: Redis, database: Database, seconds: int) -> None:
        self.redis = redis
        self.stats: Counter[str] = Counter()
        self.waits = asyncio.Event()  # a record does, for another
        context: Any = SimpleNamespace(
            settings=Settings({"LEADS_CLAIM_SECONDS": seconds}),
            redis=redis,
            database=database,
            keyed_hash=keyed,
            count=self._count,
        )
        self.stage = Dedup(context)

    def _count(self, name: str, by: int = 1) -> None:
        self.stats[name] += by
        if name == "dedup/waited":
            self.waits.set()

    async def claims(self) -> list[bytes]:
        return list(await self.redis.keys(f"*{KEY}"))


@pytest.fixture
def opened(urls: Urls, database: str) -> Callable[..., Any]:
    """Run `work` with an open stage."""

    def run(
        work: Callable[[Open], Awaitable[Any]],
        *,
        redis_url: str = urls.redis_url,
        database_url: str = database,
        seconds: int = 30,
    ) -> Any:
        async def main() -> Any:
            postgres = Database(database_url, vault=VAULT, patience=1)
            try:
                async with Redis.from_url(redis_url) as redis:
                    return await work(Open(redis, postgres, seconds))
            finally:
                await postgres.close()

        return asyncio.run(main())

    return run


def test_the_twin_of_a_record_waits_until_that_one_has_left(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        first, second = ada(), ada()
        await at.stage.process_item(first)
        twin = asyncio.ensure_future(at.stage.process_item(second))
        await at.waits.wait()
        assert not twin.done()
        await at.stage.left(first)
        assert await twin is second
        await at.stage.left(second)
        await at.stage.close_spider()
        assert at.stats == {"dedup/new": 2, "dedup/waited": 1}

    opened(work)


def test_twins_of_one_page_go_one_after_the_other(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        async def go(item: Contact) -> None:
            await at.stage.process_item(item)
            inside.append(item)
            assert len(inside) == 1
            await at.waits.wait()
            inside.remove(item)
            await at.stage.left(item)

        inside: list[Contact] = []
        await asyncio.gather(go(ada()), go(ada()))
        await at.stage.close_spider()

    opened(work)


def test_when_the_stage_closes_no_claim_is_left(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        leads = [ada(), Contact(full_name="Nobody knows")]
        for lead in leads:
            await at.stage.process_item(lead)
        assert len(await at.claims()) == 1
        for lead in leads:
            await at.stage.left(lead)
        await at.stage.close_spider()
        assert await at.claims() == []

    opened(work)


def test_a_record_that_postgres_failed_gives_up_its_claim_too(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        lead = ada()
        with pytest.raises(StoreError):
            await at.stage.process_item(lead)
        assert len(await at.claims()) == 1
        await at.stage.left(lead)
        await at.stage.close_spider()
        assert await at.claims() == []

    opened(work, database_url=f"postgresql://{NOBODY}/leads")


def test_without_redis_postgres_decides(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        await asyncio.gather(at.stage.process_item(ada()), at.stage.process_item(ada()))
        assert at.stats == {"dedup/new": 2, "dedup/redis_away": 2}

    opened(work, redis_url=f"redis://{NOBODY}")


def test_a_holder_that_outlives_its_lease_is_not_waited_for(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        await at.stage.process_item(ada())
        (claim,) = await at.claims()
        await at.redis.persist(claim)
        late = ada()
        assert await at.stage.process_item(late) is late
        assert at.stats["dedup/waited"] == 1
        await at.redis.delete(claim)

    opened(work, seconds=1)


def test_what_is_no_lead_passes(opened: Callable[..., Any]) -> None:
    async def work(at: Open) -> None:
        cell: Any = object.__new__(MarketCell)
        assert await at.stage.process_item(cell) is cell
        assert not at.stats

    opened(work)
