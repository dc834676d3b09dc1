"""The couriers of one crawl: each is hired when the first lead is due at its destination, and all end together."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object

from leadspiders.campaigns.delivery import Receiver
from leadspiders.context import Context
from leadspiders.destinations.destination import Destination
from leadspiders.errors import SetupError
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.pipelines.courier import Courier

log = logging.getLogger(__name__)


class Couriers:
    """One a crawler: the export stage and the delivery spider send the same couriers."""

    _all: ClassVar["WeakKeyDictionary[Crawler, Couriers]"] = WeakKeyDictionary()

    def __init__(self, context: Context, engine: EngineView) -> None:
        self._context = context
        self._engine = engine
        self._hired: dict[str, Courier | None] = {}

    @classmethod
    def of(cls, crawler: Crawler) -> "Couriers":
        """The couriers of this crawler."""
        if crawler not in cls._all:
            cls._all[crawler] = cls(Context.of(crawler), EngineView(crawler))
        return cls._all[crawler]

    def check(self) -> None:
        """Raise `SetupError` when the campaign delivers to somebody that nobody here knows."""
        known = self._context.settings.getdict("LEADS_DESTINATIONS")
        for name, receiver in self._context.campaign.delivery.destinations.items():
            if receiver.enabled and name not in known:
                raise SetupError(f"no destination is called {name!r}: LEADS_DESTINATIONS knows {', '.join(known)}")

    def wake(self, name: str) -> bool:
        """Send the courier of a destination; False when there is none, since the destination has no credential."""
        if name not in self._hired:
            self._hired[name] = self._hire(name)
        courier = self._hired[name]
        if courier:
            courier.wake()
        return bool(courier)

    async def finish(self) -> None:
        """Wait until all that were sent have delivered what is due, or have stopped as the crawl is being stopped."""
        await asyncio.gather(*(courier.finish() for courier in self._hired.values() if courier))

    def _hire(self, name: str) -> Courier | None:
        settings = self._context.settings
        receivers: Mapping[Any, Receiver] = self._context.campaign.delivery.destinations
        destination: Destination = load_object(settings.getdict("LEADS_DESTINATIONS")[name])(receivers[name])
        if not settings.getdict("LEADS_CREDENTIALS").get(destination.api):
            log.warning("%s has no credential: its leads wait in the outbox", name)
            return None
        return Courier(self._context, destination, self._engine.stopping)
