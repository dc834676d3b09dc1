"""Third stage: is somebody working on this person now, and do we know them already?

Redis answers the first question, Postgres the second. A record whose identity another record holds waits until that one
is stored or given up; it is merged then, never dropped. What the database holds of a known lead is read into the empty
fields, so that the stages that follow see the whole lead and buy nothing twice.
"""

import asyncio
from collections.abc import Sequence
from functools import cached_property
from itertools import count
from typing import Self
from uuid import uuid4

from redis.exceptions import RedisError
from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.guard.optouts import opted_out
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.chain import Chain
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Suppressed
from leadspiders.rules.identity import company_keys, contact_keys
from leadspiders.rules.readiness import state_of
from leadspiders.stores.postgres.recall import recall
from leadspiders.stores.redis.claims import Claim, Claims

FIRST_WAIT_SECONDS = 0.02
LONGEST_WAIT_SECONDS = 0.5


class Dedup:
    """Claims and recalls in one; gives the claim up when the record has left the stages, whatever became of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seconds = context.settings.getint("LEADS_CLAIM_SECONDS")
        self._ours = Batcher(self._claimed, size=100, lanes=2)
        self._release = Batcher(self._released, size=100)
        self._listed = Batcher(self._opted_out, size=100)
        self._held: dict[int, Claim] = {}
        self._name, self._numbers = uuid4().hex, count()
        self._last_release: asyncio.Future[None] | None = None
        self._extending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        Chain.required(crawler)
        return cls(Context.of(crawler))

    async def process_item(self, item: Record) -> Record:
        """The same record, ours alone, with what is known of it filled in."""
        if not isinstance(item, Company | Contact):
            return item
        await self._get(item, self._claim(item))
        if item.known:
            await self._recognized(item)
        self._context.count("dedup/known" if item.known else "dedup/new")
        return item

    async def open_spider(self) -> None:
        """Begin to extend what is held."""
        self._extending = asyncio.ensure_future(self._extend())

    async def close_spider(self) -> None:
        """No record is held any more; batches of releases are done in order."""
        if self._extending:
            self._extending.cancel()
        if self._last_release:
            await self._last_release

    async def left(self, item: Record) -> None:
        """Give up the claim of a record that left, which does not wait for that."""
        if claim := self._held.pop(id(item), None):
            self._last_release = self._release.ask(claim)

    def _claim(self, item: Company | Contact) -> Claim | None:
        """None for a record that nothing identifies."""
        keys = contact_keys(item) if isinstance(item, Contact) else company_keys(item)
        named = ((kind, getattr(keys, kind)) for kind in keys.__slots__)
        hashes = tuple(self._context.keyed_hash(kind, value).hex() for kind, value in named if value)
        return Claim(token=f"{self._name}:{next(self._numbers)}", keys=hashes) if hashes else None

    async def _get(self, item: Company | Contact, claim: Claim | None) -> None:
        wait, waited = FIRST_WAIT_SECONDS, 0.0
        while not await self._ours.ask((item, claim)):
            if waited == 0.0:
                self._context.count("dedup/waited")
            if waited > self._seconds:
                claim = None  # its holder outlived its lease: the unique keys in Postgres decide
                continue
            await asyncio.sleep(wait)
            waited, wait = waited + wait, min(wait * 2, LONGEST_WAIT_SECONDS)

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
                await self._taken(held)

    async def _opted_out(self, items: list[Company | Contact]) -> Sequence[bool]:
        return await opted_out(self._context.database, self._context.keyed_hash, items)

    async def _claimed(self, asked: list[tuple[Company | Contact, Claim | None]]) -> Sequence[bool]:
        """Which records are ours, by a claim or for want of one; what the database knows of these is read."""
        claims = [claim for _, claim in asked if claim]
        taken = iter(await self._taken(claims) if claims else ())
        ours = [claim is None or next(taken) for _, claim in asked]
        mine = [question for question, is_ours in zip(asked, ours, strict=True) if is_ours]
        self._held |= {id(item): claim for item, claim in mine if claim}
        if mine:
            await recall(self._context.database, [item for item, _ in mine], self._context.keyed_hash)
        return ours

    async def _taken(self, claims: list[Claim]) -> Sequence[bool]:
        try:
            return await self._claims.take(claims)
        except (RedisError, OSError):
            self._context.count("dedup/redis_away", len(claims))
            return [True] * len(claims)  # Postgres decides in the end

    async def _released(self, claims: list[Claim]) -> Sequence[None]:
        try:
            await self._claims.release(claims)
        except (RedisError, OSError):
            self._context.count("dedup/redis_away", len(claims))
        return [None] * len(claims)

    @cached_property
    def _claims(self) -> Claims:
        return Claims(self._context.redis, seconds=self._seconds)
