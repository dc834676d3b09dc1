"""What the parts of one crawl share: its campaign, its run, and the open ends to Postgres, Redis and the network.

Scrapy opens all stages at the same time and closes them at the same time, so nobody can open things for the others:
what is here opens at its first use and is closed after the last stage, by the run log.
"""

import os
import socket
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from redis.asyncio import Redis
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from leadspiders.apis.drift import Drift
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.guard.keyed_hash import KeyedHash, keyed_hash
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.lost_charges import LostCharges
from leadspiders.guard.pacing import Pacer
from leadspiders.guard.spend_gate import SpendGate
from leadspiders.guard.vault import Vault
from leadspiders.middlewares.door import Door
from leadspiders.middlewares.pacer import make_pacer
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
        self.drift: Drift = spider.drift
        """Takes in how the replies of sources and providers differ from their contracts."""
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        """This process, as its heartbeat names it."""
        self.write: Callable[[Any], Awaitable[Any]] = no_writer
        """The way into the one writer of this process; the store stage sets it."""
        self.settings: BaseSettings = crawler.settings
        self.door = Door.of(crawler, lambda: self.pacer)
        self._spider = spider
        self._stats = crawler.stats
        self._last: list[Callable[[], Awaitable[None]]] = []

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
        return Database(self.settings["DATABASE_URL"], vault=Vault.of_settings(self.settings), patience=patience)

    @cached_property
    def redis(self) -> Redis:
        """Redis; connects at the first command."""
        return Redis.from_url(self.settings["REDIS_URL"])

    @cached_property
    def gate(self) -> SpendGate:
        """The one gate that every purchase of this crawl passes."""
        lost = LostCharges(
            self.database, hold=self.door.hold, account=self._account,
            quiet=self.settings.getfloat("LEADS_USAGE_LAG_SECONDS"),
        )  # fmt: skip
        return SpendGate(
            self.database,
            campaign=self.campaign,
            run_id=self.run_id,
            prices=load_prices(self.settings["LEADS_PRICES"]),
            lost=lost,
            worker=self.worker,
            patience=self.settings.getfloat("LEADS_PURCHASE_PATIENCE_SECONDS"),
        )

    @cached_property
    def keyed_hash(self) -> KeyedHash:
        """Identities as this installation hashes them."""
        return keyed_hash(bytes.fromhex(self.settings["LEADS_HASH_KEY"]))

    def _account(self, api: str) -> str | None:
        """The one credential of an API; None where there are several, for a counter speaks of one."""
        ring = Keyring.of_settings(self.settings).ring(api)
        return ring[0].id if len(ring) == 1 else None

    @cached_property
    def pacer(self) -> Pacer:
        """When calls may be made; connects to Redis at the first."""
        return make_pacer([self._spider], self.settings, self.count)

    def count(self, name: str, by: int = 1) -> None:
        """Add to the stat `leads/<name>`."""
        assert self._stats
        self._stats.inc_value(f"leads/{name}", by)

    def at_the_end(self, work: Callable[[], Awaitable[None]]) -> None:
        """Have something done after the last stage, while Postgres and Redis are still open."""
        self._last.append(work)

    async def close(self) -> None:
        """Do what was left for the end, and close what was opened."""
        for work in self._last:
            await work()
        if "database" in self.__dict__:
            await self.database.close()
        if "pacer" in self.__dict__:
            await self.pacer.aclose()
        if "redis" in self.__dict__:
            await self.redis.aclose()


async def no_writer(item: Any) -> None:
    """What happens without the store stage: a record that is refused is counted in the stats only."""
