"""What the parts of one crawl share: its campaign, its run, and the open ends to Postgres, Redis and the network.

Scrapy opens all stages at the same time and closes them at the same time, so nobody can open things for the others:
what is here opens at its first use and is closed after the last stage, by the run log.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from redis.asyncio import Redis
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from leadspiders.campaigns.model import Campaign
from leadspiders.guard.keyed_hash import KeyedHash, keyed_hash
from leadspiders.middlewares.door import Door
from leadspiders.stores.postgres.pool import Database


class Context:
    """One a crawler: `Context.of(crawler)` gives every part the same one."""

    _all: ClassVar["WeakKeyDictionary[Crawler, Context]"] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self.campaign: Campaign = spider.campaign
        self.run_id: str = spider.run_id
        self.source: str = spider.source
        self.sample: int | None = spider.sample
        self.goal: int | None = spider.goal
        self.write: Callable[[Any], Awaitable[Any]] = no_writer
        """The way into the one writer of this process; the store stage sets it."""
        self.settings: BaseSettings = crawler.settings
        self.door = Door.of(crawler)
        self._stats = crawler.stats

    @classmethod
    def of(cls, crawler: Crawler) -> "Context":
        """The context of this crawler."""
        if crawler not in cls._all:
            cls._all[crawler] = cls(crawler)
        return cls._all[crawler]

    @cached_property
    def database(self) -> Database:
        """Postgres; connects at the first query."""
        patience = self.settings.getfloat("LEADS_DATABASE_PATIENCE_SECONDS")
        return Database(self.settings["DATABASE_URL"], patience=patience)

    @cached_property
    def redis(self) -> Redis:
        """Redis; connects at the first command."""
        return Redis.from_url(self.settings["REDIS_URL"])

    @cached_property
    def keyed_hash(self) -> KeyedHash:
        """Identities as this installation hashes them."""
        return keyed_hash(bytes.fromhex(self.settings["LEADS_HASH_KEY"]))

    def count(self, name: str, by: int = 1) -> None:
        """Add to the stat `leads/<name>`."""
        assert self._stats
        self._stats.inc_value(f"leads/{name}", by)

    async def close(self) -> None:
        """Close what was opened."""
        if "database" in self.__dict__:
            await self.database.close()
        if "redis" in self.__dict__:
            await self.redis.aclose()


async def no_writer(item: Any) -> None:
    """What happens without the store stage: a record that is refused is counted in the stats only."""
