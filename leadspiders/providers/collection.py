"""Collects the answers to jobs that were handed in and paid for by workers that did not live to see them.

It costs nothing, and may be done twice: the second time changes nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.guard.spend_gate import Sending, SpendGate
from leadspiders.providers.provider import Bought, Jobs, Ticket
from leadspiders.stores.postgres.spend import HandedIn

log = logging.getLogger(__name__)

Hold = Callable[[Conversation[Bought | Ticket], Sending | None], Awaitable[Bought | Ticket]]
"""Carries a conversation to its end; awaits the second before a call that costs leaves."""
WORKED_ON_SECONDS = 600.0
"""So old a job is as good as it gets: what is there is taken."""
BETWEEN_SECONDS = 60.0
"""Before a job that could not be collected is looked for again."""


class Collection:
    """Of one offer, in one process."""

    def __init__(
        self,
        offer: Jobs,
        *,
        gate: SpendGate,
        hold: Hold,
        drift: Drift,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._offer = offer
        self._gate = gate
        self._hold = hold
        self._drift = drift
        self._clock = clock
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, float] = {}

    async def collect(self, facts: Sequence[str] | None = None) -> None:
        """Collect the jobs that some of these facts were handed in with, and wait for those that are not done yet; all
        that are old enough without facts."""
        jobs = await self._gate.uncollected(self._offer.provider, self._offer.name, facts)
        found = [job for job in jobs if facts is not None or job.age_seconds > WORKED_ON_SECONDS]
        await asyncio.gather(*map(self._once, found))

    async def _once(self, job: HandedIn) -> None:
        """All who want facts of one job wait for the same calls."""
        last = self._failed.get(job.ticket)
        if last is not None and self._clock() - last < BETWEEN_SECONDS:
            return
        if job.ticket not in self._under_way:
            self._under_way[job.ticket] = task = asyncio.ensure_future(self._collected(job))
            task.add_done_callback(lambda _: self._under_way.pop(job.ticket, None))
        await asyncio.shield(self._under_way[job.ticket])

    async def _collected(self, job: HandedIn) -> None:
        facts, waits = job.reservation.facts, job.age_seconds <= WORKED_ON_SECONDS
        try:
            asked = self._offer.collect(Ticket(job.ticket), len(facts), self._drift, waits=waits)
            bought = await self._hold(asked, None)
            assert isinstance(bought, Bought)
            replies = dict(zip(facts, bought.replies, strict=True))
            await self._gate.settle(job.reservation, replies, credits=bought.credits)
        except Exception as error:  # noqa: BLE001  whatever it was, the charge stays unknown and the ticket is kept
            self._failed[job.ticket] = self._clock()
            said = error or type(error).__name__
            log.warning("%s: a job that was paid for cannot be collected now (%s)", self._offer.provider, said)
            return
        log.info("%s: collected %d answers that were paid for earlier", self._offer.provider, len(facts))
