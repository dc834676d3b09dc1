"""Ends a worker that has lost Postgres: one clear line, its requests go back to the others, exit 1.

A record whose outcome cannot be written is neither parked nor counted: it stays pending on its receipt, and its
response is asked for again by whoever has Postgres. Short outages never get here: the pool waits half a minute. Only
replies that were paid for are held on to until they can be written.
"""

import logging
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from leadspiders.errors import StoreError
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.middlewares.scheduler import Scheduler

log = logging.getLogger(__name__)

REASON = "store-away"


class StoreGuard:
    """Watches what stages and callbacks end with."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._away = False
        self._quiet = Quiet()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the two ways in which an error of the store shows."""
        guard = cls(crawler)
        crawler.signals.connect(guard.opened, signals.spider_opened)
        crawler.signals.connect(guard.failed, signals.item_error)
        crawler.signals.connect(guard.failed, signals.spider_error)
        crawler.signals.connect(guard.stopped, signals.engine_stopped)
        return guard

    def opened(self) -> None:
        """From now on one line says it, not one traceback a record."""
        for handler in logging.root.handlers:
            handler.addFilter(self._quiet)

    def stopped(self) -> None:
        """Leave the handlers as they were found."""
        for handler in logging.root.handlers:
            handler.removeFilter(self._quiet)

    def failed(self, failure: Failure, response: Any) -> None:
        """Give the request back without counting a try, and end the crawl."""
        error: Any = failure.value
        if not isinstance(error, StoreError):
            return
        scheduler, request = Scheduler.of(self._crawler), getattr(response, "request", None)
        if scheduler and request is not None:
            scheduler.give_back(request)
        if not self._away:
            self._away = True
            log.error("%s. This worker stops; what it held goes back to the others, and nothing is lost", error)
            EngineView(self._crawler).close(REASON)


class Quiet(logging.Filter):
    """Lets no traceback of a `StoreError` through, one a record, and none of the pool's tries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is worth a line."""
        lost = record.exc_info is not None and isinstance(record.exc_info[1], StoreError)
        return not lost and not (record.name.startswith("psycopg") and record.levelno < logging.ERROR)
