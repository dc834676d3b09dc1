"""Carries leads from the outbox to one destination, as long as a crawl runs, whatever the weather.

A destination that is ill or asks for a pause is left alone for a while and asked again: the leads wait, and no try is
counted. Only what concerns a lead counts against that lead; a batch that is refused whole is halved until the lead to
blame stands alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

import psycopg

from leadspiders.apis.http import Conversation
from leadspiders.context import Context
from leadspiders.destinations.destination import Destination
from leadspiders.errors import QuotaUsedUp, RequestRefused, StoreError, Unavailable, Unreadable
from leadspiders.guard.optouts import opted_out
from leadspiders.pipelines.pace import Pace
from leadspiders.pipelines.setback import (
    Meaning,
    Stumbled,
    asked_seconds,
    guarded,
    meaning,
    rest_seconds,
    said,
)
from leadspiders.rules.audit_subjects import about
from leadspiders.stores.postgres import outbox
from leadspiders.stores.postgres.failures import passing
from leadspiders.stores.postgres.outbox import Delivery, Settlement

log = logging.getLogger(__name__)

T = TypeVar("T")

TRIES_AT_THE_END = 5
"""While the crawl goes on, a courier never gives up a destination that is ill; afterwards it does."""
STORE_TRIES_AT_THE_END = 2  # each has waited for Postgres as long as the pool does
READINGS = 3
"""So many unreadable answers in a row are a cut line; more are a service that has changed."""
SUSPICIOUS = 10
"""When so many leads are refused one by one and none was ever taken, it is not the leads."""


class _Over(Exception):
    """Nothing more is carried in this crawl."""


class Courier:
    """One destination's courier in one process. Couriers of other processes take other leads."""

    def __init__(
        self, context: Context, destination: Destination, stopping: Callable[[], bool], pace: Pace | None = None
    ) -> None:
        self._context = context
        self._destination = destination
        self._stopping = stopping
        self._pace = pace or Pace()
        self._due = asyncio.Event()
        self._round: asyncio.Task[None] | None = None
        self._closing = False
        self._stopped = False
        self._prepared = False
        self._taken = False
        self._refused = 0
        self._failures = 0

    def wake(self) -> None:
        """There is a lead to deliver."""
        self._due.set()
        if not self._stopped and (self._round is None or self._round.done()):
            self._round = asyncio.ensure_future(self._walk())

    async def finish(self) -> None:
        """Deliver what is due, if a lead was due in this crawl; when the crawl is being stopped, only end the trip."""
        self._closing = True
        if self._round:
            self.wake()
            await asyncio.wait({self._round})

    async def _walk(self) -> None:
        try:
            while True:
                await self._due.wait()
                self._due.clear()
                if not self._closing:
                    await self._rest(self._pace.gather)
                while await self._trip():
                    pass
                if self._closing and not self._due.is_set():
                    return
        except _Over:
            return
        except Exception:
            self._context.count(f"failed/delivery-{self._destination.name}")
            log.exception(
                "%s: the courier broke down; the next lead that is due sends it again", self._destination.name
            )

    async def _trip(self) -> bool:
        """One batch; whether there may be more."""
        if self._stopping():
            raise _Over
        name, batch = self._destination.name, self._destination.batch
        leads = await self._kept(
            lambda: outbox.claim(
                self._context.database,
                self._context.campaign.name,
                name,
                limit=batch,
                lease_seconds=self._pace.lease,
            )
        )
        if not leads:
            return False
        trouble = await self._deliver(await self._willing(leads))
        if trouble:
            await self._set_back(trouble)
        return bool(trouble) or len(leads) == batch

    async def _willing(self, leads: Sequence[Delivery]) -> list[Delivery]:
        """Those who have not opted out since they were put into the outbox; the others are sent nowhere any more."""
        people = [lead.lead for lead in leads]
        stored = [lead.traits for lead in leads]
        context = self._context
        listed = await self._kept(lambda: opted_out(context.database, context.keyed_hash, people, stored=stored))
        gone = [lead for lead, out in zip(leads, listed, strict=True) if out]
        await self._note([Settlement(delivery=lead, outcome="suppressed") for lead in gone])
        return [lead for lead, out in zip(leads, listed, strict=True) if not out]

    async def _deliver(self, leads: list[Delivery]) -> Exception | None:
        """Deliver a batch and note what became of each lead; returns what kept the rest of them from being sent."""
        trouble = await self._prepare(leads) if leads else None
        parts = [leads] if leads else []
        refused: list[Settlement] = []
        while parts and not trouble and not self._stopping():
            part = parts.pop()
            try:
                named = about(self._destination.deliver(part), [lead.lead for lead in part])
                settled = await self._carried(named, leads)
            except Exception as error:  # noqa: BLE001  whatever it was, the leads go back to the outbox
                if meaning(error) is not Meaning.LEADS:
                    trouble = error
                    parts.append(part)
                elif len(part) == 1:
                    refused.append(Settlement(delivery=part[0], outcome="failed", error=said(error)))
                else:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]
            else:
                self._taken, self._failures = True, 0
                await self._note(settled)
        self._refused += len(refused)
        if refused and not self._taken and self._refused >= SUSPICIOUS:
            parts.append([one.delivery for one in refused])
            trouble = trouble or RequestRefused(f"none of {self._refused} leads is taken: {refused[-1].error}")
            refused = []
        await self._note([*refused, *(_later(lead, trouble) for part in parts for lead in part)])
        return trouble

    async def _prepare(self, leads: Sequence[Delivery]) -> Exception | None:
        if self._prepared:
            return None
        try:
            await self._carried(self._destination.prepare(), leads)
        except Exception as error:  # noqa: BLE001  the caller decides, and says it
            cut = isinstance(error, Unreadable) and self._failures < READINGS
            return Unavailable(str(error)) if cut else error
        self._prepared = True
        return None

    async def _carried(self, conversation: Conversation[T], leads: Sequence[Delivery]) -> T:
        """Carry a conversation to its end, and keep the leads leased meanwhile."""
        loop = asyncio.get_running_loop()
        work = asyncio.ensure_future(self._context.door.hold(guarded(conversation)))
        leased, left = loop.time(), self._pace.leave
        try:
            while not (await asyncio.wait({work}, timeout=self._pace.look))[0]:
                if loop.time() - leased >= self._pace.lease / 3:
                    leased = loop.time()
                    with suppress(StoreError, psycopg.Error):  # two thirds of the lease are left
                        await outbox.extend(self._context.database, leads, lease_seconds=self._pace.lease)
                left -= self._pace.look if self._stopping() else 0
                if left < 0:
                    raise TimeoutError("the crawl is being stopped")
            return work.result()
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})

    async def _note(self, settled: Sequence[Settlement]) -> None:
        if settled:
            await self._kept(lambda: outbox.settle(self._context.database, settled))
        for settlement in settled:
            self._context.count(f"export/{self._destination.name}/{settlement.outcome}")

    async def _set_back(self, error: Exception) -> None:
        """Rest, and longer each time; or stop, when no rest will help or the crawl is over."""
        if self._stopping():
            raise _Over
        self._failures += 1
        rest = rest_seconds(error, self._failures, self._pace.first_rest)
        at_the_end = self._closing and (
            self._failures >= TRIES_AT_THE_END or asked_seconds(error) > self._pace.longest_rest_at_the_end
        )
        if at_the_end or meaning(error) is not Meaning.WAIT:
            self._stop(error)
            raise _Over
        log.warning("%s: %s. Its leads wait; the next try is in %.0f s", self._destination.name, said(error), rest)
        await self._rest(rest)

    async def _kept(self, work: Callable[[], Awaitable[T]]) -> T:
        """What Postgres says, once it is there."""
        failures = 0
        while True:
            try:
                return await work()
            except (StoreError, psycopg.Error) as error:
                failures += 1
                away = isinstance(error, StoreError) or passing(error)
                at_the_end = self._stopping() or (self._closing and failures >= STORE_TRIES_AT_THE_END)
                if not away or at_the_end:
                    self._stop(error)
                    raise _Over from error
                log.warning("%s: %s. Nothing is delivered meanwhile", self._destination.name, error)
                await self._rest(rest_seconds(error, failures, self._pace.first_rest))

    async def _rest(self, seconds: float) -> None:
        await self._pace.rest(seconds, stopping=self._stopping, closing=lambda: self._closing)

    def _stop(self, error: Exception) -> None:
        self._stopped = True
        name = self._destination.name
        self._context.count(f"export/{name}/stopped")
        self._context.count(f"failed/delivery-{name}")
        log.error(
            "%s: %s. Nothing more is delivered there in this crawl: once that is mended, run"
            " `scrapy crawl delivery -a campaign=%s`",
            name,
            said(error),
            self._context.campaign.name,
            exc_info=error.__cause__ if isinstance(error, Stumbled) else None,
        )


def _later(lead: Delivery, trouble: Exception | None) -> Settlement:
    """A lead that waits, no try counted: until the quota is back, if that is known, else until a courier comes by."""
    retry_at: datetime | None = trouble.retry_at if isinstance(trouble, QuotaUsedUp) else None
    return Settlement(delivery=lead, outcome="later", error=said(trouble) if trouble else None, retry_at=retry_at)
