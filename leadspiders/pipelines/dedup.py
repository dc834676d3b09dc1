"""Third stage: is somebody working on this person now, and do we know them already?

Redis answers the first question, Postgres the second. A record whose identity another record holds waits until that one
is stored or given up; it is merged then, never dropped. What the database holds of a known lead is read into the empty
fields, so that the stages that follow see the whole lead and buy nothing twice.
"""

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import Self
from uuid import uuid4

from redis.exceptions import RedisError
from scrapy import signals
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.guard.optouts import opted_out
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Suppressed
from leadspiders.rules.identity import company_keys, contact_keys
from leadspiders.rules.readiness import state_of
from leadspiders.stores.postgres.recall import recall
from leadspiders.stores.redis.claims import Claim, Claims

FIRST_WAIT_SECONDS = 0.02
LONGEST_WAIT_SECONDS = 0.5


class Dedup:
    """Claims, then recalls; gives the claim up when the record has left the pipelines, whatever became of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seconds = context.settings.getint("LEADS_CLAIM_SECONDS")
        self._take = Batcher(self._claims_taken, size=100, lanes=2)
        self._recall = Batcher(self._recalled, size=100, lanes=2)
        self._release = Batcher(self._released, size=100)
        self._listed = Batcher(self._opted_out, size=100)
        self._held: dict[int, Claim] = {}
        self._extending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the signals that end a record's way."""
        stage = cls(Context.of(crawler))
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(stage.let_go, signal)
        return stage

    async def process_item(self, item: Record) -> Record:
        """The same record, ours alone, with what is known of it filled in."""
        if not isinstance(item, Company | Contact):
            return item
        if keys := self._identities(item):
            await self._claim(item, Claim(token=uuid4().hex, keys=keys))
        await self._recall.ask(item)
        if item.known:
            await self._recognized(item)
        self._context.count("dedup/known" if item.known else "dedup/new")
        return item

    async def open_spider(self) -> None:
        """Begin to extend what is held."""
        self._extending = asyncio.ensure_future(self._extend())

    async def close_spider(self) -> None:
        """No record is held any more."""
        if self._extending:
            self._extending.cancel()

    async def let_go(self, item: Record) -> None:
        """Give up the claim of a record that left."""
        if claim := self._held.pop(id(item), None):
            await self._release.ask(claim)

    def _identities(self, item: Company | Contact) -> tuple[str, ...]:
        keys = contact_keys(item) if isinstance(item, Contact) else company_keys(item)
        named = ((kind, getattr(keys, kind)) for kind in keys.__slots__)
        return tuple(self._context.keyed_hash(kind, value).hex() for kind, value in named if value)

    async def _claim(self, item: Company | Contact, claim: Claim) -> None:
        wait, waited = FIRST_WAIT_SECONDS, 0.0
        while not await self._take.ask(claim):
            if waited == 0.0:
                self._context.count("dedup/waited")
            if waited > self._seconds:
                return  # its holder outlived its lease: the unique keys in Postgres decide
            await asyncio.sleep(wait)
            waited, wait = waited + wait, min(wait * 2, LONGEST_WAIT_SECONDS)
        self._held[id(item)] = claim

    async def _recognized(self, item: Company | Contact) -> None:
        """What the database knows of a lead makes it more than the record showed: nearer to ready, or opted out."""
        if await self._listed.ask(item):
            raise Suppressed("dedup", "opted-out")
        if isinstance(item, Contact):
            item.lead_state = state_of(item)

    async def _extend(self) -> None:
        """A record may wait long for a slow provider or for the goal: its claim must not run out meanwhile."""
        while True:
            await asyncio.sleep(self._seconds / 3)
            if held := list(self._held.values()):
                await self._claims_taken(held)

    async def _opted_out(self, items: list[Company | Contact]) -> Sequence[bool]:
        return await opted_out(self._context.database, self._context.keyed_hash, items)

    async def _claims_taken(self, claims: list[Claim]) -> Sequence[bool]:
        try:
            return await self._claims.take(claims)
        except (RedisError, OSError):
            self._context.count("dedup/redis_away", len(claims))
            return [True] * len(claims)  # Postgres decides in the end

    async def _recalled(self, items: list[Company | Contact]) -> Sequence[None]:
        await recall(self._context.database, items, self._context.keyed_hash)
        return [None] * len(items)

    async def _released(self, claims: list[Claim]) -> Sequence[None]:
        try:
            await self._claims.release(claims)
        except (RedisError, OSError):
            self._context.count("dedup/redis_away", len(claims))
        return [None] * len(claims)

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self._context.redis, seconds=self._seconds)
