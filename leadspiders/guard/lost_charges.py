"""Asks a provider's own counter whether a call whose answer was lost was charged: free, and only when that is exact.

A reading is taken before the first purchase of a process, and another when a fact is wanted whose charge is unknown.
`stores.postgres.usage_readings` says what follows from the two.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic

from leadspiders.apis.consumed import Consumed
from leadspiders.apis.counters import COUNTERS
from leadspiders.apis.http import Conversation
from leadspiders.errors import LeadspidersError, StoreError
from leadspiders.stores.postgres import usage_readings
from leadspiders.stores.postgres.pool import Database

log = logging.getLogger(__name__)

QUIET_SECONDS = 900.0
"""So old a lost call must be: no provider works longer on one, and counters may be late."""
BETWEEN_SECONDS = 300.0
"""Between two readings for the sake of lost calls."""
ANCHOR_SECONDS = 5.0
"""So long purchases wait for the first reading, all together; else the lost calls of this process stay unknown."""


class LostCharges:
    """`hold` carries a conversation to its end; `account` names the one credential that an API's calls are made with,
    None where there are several: then a counter speaks of one of them, and nobody knows of which."""

    def __init__(
        self,
        database: Database,
        *,
        hold: Callable[[Conversation[Consumed]], Awaitable[Consumed]],
        account: Callable[[str], str | None],
        counters: Mapping[str, Callable[[], Conversation[Consumed]]] = COUNTERS,
        quiet: float = QUIET_SECONDS,
        between: float = BETWEEN_SECONDS,
    ) -> None:
        self._database = database
        self._hold = hold
        self._account = account
        self._counters = counters
        self._quiet = quiet
        self._between = between
        self._anchors: dict[str, tuple[asyncio.Task[None], float]] = {}
        self._looked: dict[str, float] = {}

    async def anchor(self, provider: str) -> None:
        """Take the reading before the first purchase; who comes meanwhile waits with it, and nobody later."""
        if provider not in self._anchors:
            self._anchors[provider] = asyncio.create_task(self._anchor(provider)), monotonic() + ANCHOR_SECONDS
        reading, until = self._anchors[provider]
        left = until - monotonic()
        if not reading.done() and left > 0:
            await asyncio.wait({reading}, timeout=left)

    async def forgive(self, provider: str, facts: Sequence[str]) -> set[str]:
        """Those of the facts that the counter shows were not charged: their money is given back."""
        last = self._looked.get(provider)
        if last is not None and monotonic() - last < self._between:
            return set()
        self._looked[provider] = monotonic()
        asked_at = await usage_readings.moment(self._database)
        account, reading = self._account(provider), await self._read(provider)
        if account is None or reading is None:
            return set()
        await usage_readings.note(self._database, provider, account, reading, asked_at=asked_at)
        freed = await usage_readings.forgive(
            self._database, provider, account, reading, facts, asked_at=asked_at, quiet_seconds=self._quiet
        )
        if freed:
            log.info("%s did not charge %d facts whose answer was lost: they are bought now", provider, len(freed))
        return freed

    async def _anchor(self, provider: str) -> None:
        account = self._account(provider)
        if account is None or provider not in self._counters:
            return
        try:
            asked_at = await usage_readings.moment(self._database)
            if reading := await self._read(provider):
                await usage_readings.note(self._database, provider, account, reading, asked_at=asked_at)
        except StoreError as error:
            log.info("%s: no reading of what was consumed (%s)", provider, error)

    async def _read(self, provider: str) -> Consumed | None:
        if provider not in self._counters or self._account(provider) is None:
            return None
        try:
            return await self._hold(self._counters[provider]())
        except LeadspidersError as error:
            log.info("%s does not tell what was consumed (%s): lost answers stay unknown", provider, error)
        except Exception as error:  # noqa: BLE001  Scrapy's and the network's: a reading is never worth a crawl
            log.info("%s does not tell what was consumed (%s)", provider, type(error).__name__)
        return None
