"""Carries leads from the outbox to one destination: claims a batch, delivers it, notes what became of each."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from scrapy.utils.misc import load_object

from leadspiders.context import Context
from leadspiders.destinations.destination import Destination
from leadspiders.errors import (
    ApiError,
    CredentialRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    SetupError,
    Unreadable,
)
from leadspiders.stores.postgres import outbox
from leadspiders.stores.postgres.outbox import Delivery, Settlement

log = logging.getLogger(__name__)

GATHER_SECONDS = 1.0
"""How long a courier lets leads gather before it sets out with less than a full batch."""
LEASE_SECONDS = 300
LATER_SECONDS = 60.0


class Courier:
    """One destination's courier in one process. Couriers of other processes take other leads."""

    def __init__(self, context: Context, destination: Destination) -> None:
        self._context = context
        self._destination = destination
        self._due = asyncio.Event()
        self._closing = False
        self._stopped = False
        self._prepared = False
        self._round: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There is a lead to deliver."""
        self._due.set()
        if self._round is None:
            self._round = asyncio.ensure_future(self._walk())

    async def finish(self) -> None:
        """Deliver what is due now, and stop."""
        self._closing = True
        self.wake()
        assert self._round
        await self._round

    async def _walk(self) -> None:
        while not self._stopped:
            await self._due.wait()
            self._due.clear()
            if not self._closing:
                await asyncio.sleep(GATHER_SECONDS)
            while not self._stopped and await self._trip():
                pass
            if self._closing:
                return

    async def _trip(self) -> bool:
        """One batch; whether there may be more."""
        name, batch = self._destination.name, self._destination.batch
        leads = await outbox.claim(
            self._context.database, self._context.campaign.name, name, limit=batch, lease_seconds=LEASE_SECONDS
        )
        if not leads:
            return False
        try:
            if not self._prepared:
                await self._context.door.hold(self._destination.prepare())
                self._prepared = True
            settled = await self._context.door.hold(self._destination.deliver(leads))
        except Exception as error:  # noqa: BLE001  whatever it was, the leads go back to the outbox
            settled = self._undelivered(leads, error)
        await outbox.settle(self._context.database, settled)
        for settlement in settled:
            self._context.count(f"export/{name}/{settlement.outcome}")
        return len(leads) == batch

    def _undelivered(self, leads: list[Delivery], error: Exception) -> list[Settlement]:
        """Leads of a delivery that failed as a whole; when it was the service's state they wait, no try counted."""
        name = self._destination.name
        if isinstance(error, CredentialRefused | QuotaUsedUp) or not isinstance(error, ApiError):
            self._stopped = True
            log.error("%s: %s. Nothing more is delivered there in this crawl.", name, error)
        else:
            log.warning("%s: %s", name, error)
        if isinstance(error, RequestRefused | Unreadable):
            return [Settlement(delivery=lead, outcome="failed", error=str(error)) for lead in leads]
        retry_at = datetime.now(UTC) + timedelta(seconds=retry_seconds(error))
        return [Settlement(delivery=lead, outcome="later", error=str(error), retry_at=retry_at) for lead in leads]


def retry_seconds(error: Exception) -> float:
    """How long leads wait when a whole delivery failed: as long as the service asks, else a minute."""
    asked = error.retry_after if isinstance(error, RateLimited) else None
    return LATER_SECONDS if asked is None else asked


def couriers(context: Context, only: str | None = None) -> dict[str, Courier]:
    """A courier for each destination of the campaign that is switched on and has a credential."""
    registry = context.settings.getdict("LEADS_DESTINATIONS")
    hired: dict[str, Courier] = {}
    for name, table in context.campaign.delivery.destinations.items():
        if not table.enabled or (only and name != only):
            continue
        if name not in registry:
            raise SetupError(f"no destination is called {name!r}: LEADS_DESTINATIONS knows {', '.join(registry)}")
        destination: Destination = load_object(registry[name])(table)
        if not context.settings.getdict("LEADS_CREDENTIALS").get(destination.api):
            log.warning("%s has no credential: its leads wait in the outbox", name)
            continue
        hired[name] = Courier(context, destination)
    return hired
