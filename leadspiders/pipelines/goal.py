"""Stops the buying when the goal is reached: enough ready leads, counting those that are on their way."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

REFRESH_SECONDS = 3.0


class Goal:
    """`ready` counts the campaign's ready leads in the database, those of other workers too.

    A lead that is being bought may fail to become ready, so when bought and ready together reach the goal the next
    waits for an answer instead of giving up. Between two counts the own successes are added, which may run ahead of the
    truth; so only a count says that the goal is reached.
    """

    def __init__(self, leads: int | None, ready: Callable[[], Awaitable[int]]) -> None:
        self._leads = leads
        self._count = ready
        self._ready = 0
        self._counted_at = -REFRESH_SECONDS
        self._reached = False
        self._under_way: set[int] = set()
        self._changed = asyncio.Condition()

    async def may_buy(self, lead: int) -> bool:
        """Whether another lead may be bought; it is under way until `done` is called with the same token.

        One that is under way already may be bought more for: it must not wait for itself.
        """
        if self._leads is None or lead in self._under_way:
            return True
        async with self._changed:
            while not self._reached:
                if self._ready >= self._leads or monotonic() - self._counted_at >= REFRESH_SECONDS:
                    await self._refresh(self._leads)
                elif self._ready + len(self._under_way) < self._leads:
                    self._under_way.add(lead)
                    return True
                else:
                    await self._changed.wait()
            return False

    async def done(self, lead: int, *, became_ready: bool) -> None:
        """The lead is stored or given up."""
        if lead not in self._under_way:
            return
        async with self._changed:
            self._under_way.discard(lead)
            self._ready += became_ready
            self._changed.notify_all()

    async def _refresh(self, leads: int) -> None:
        self._ready = await self._count()
        self._counted_at = monotonic()
        self._reached = self._ready >= leads
