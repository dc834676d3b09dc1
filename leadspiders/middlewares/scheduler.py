"""The run's shared queue as Scrapy sees it: scrapy-redis, made safe from crashes and free of waiting.

Stock scrapy-redis takes a request out of Redis and waits for each trip; a killed worker loses all it had taken. Here a
request is leased, and stays in Redis until its records are durable and the requests that follow from it are enqueued.
Scrapy's calls touch memory only; the pump does the trips in the background.
"""

import logging
import os
import socket
from collections.abc import Callable, Sequence
from typing import Any, Self

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import Base
from scrapy_redis.scheduler import Scheduler as RedisScheduler
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from leadspiders.context import Context
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.middlewares.frontier_leases import Leases
from leadspiders.middlewares.frontier_parking import park_requests
from leadspiders.middlewares.frontier_pump import Pump
from leadspiders.middlewares.frontier_request import to_message, to_request
from leadspiders.stores.redis.frontier import Frontier

log = logging.getLogger(__name__)

REDIS_SECONDS = 5.0
"""After this long without an answer Redis is away; the worker goes on with what it holds."""


class SeenRequests(RFPDupeFilter):  # type: ignore[misc]
    """Redis tells what was seen when a request is enqueued, in the same step."""

    def request_seen(self, request: Request) -> bool:
        """Not known here."""
        return False

    def clear(self) -> None:
        """Never: another worker may still need them. They expire after the run's end."""


class Queue(Base):  # type: ignore[misc]
    """What this worker holds of the queue."""

    def __init__(self, server: Redis, spider: Any, key: str, serializer: Any = None) -> None:
        super().__init__(server, spider, key, serializer)
        crawler: Crawler = spider.crawler
        settings = crawler.settings
        self.leases = Leases(settings.getfloat("FRONTIER_PAUSE_SECONDS"))
        stats = crawler.stats
        assert stats
        self.pump = Pump(
            Frontier(
                server,
                run_id=spider.run_id,
                spider=spider.name,
                worker=f"{socket.gethostname()}:{os.getpid()}",
                lease_seconds=settings.getfloat("FRONTIER_LEASE_SECONDS"),
                most_tries=settings.getint("FRONTIER_TRIES"),
            ),
            self.leases,
            EngineView(crawler),
            decode=lambda payload: to_request(payload, spider),
            bury=lambda buried: park_requests(Context.of(crawler), buried),
            pacer=lambda: Context.of(crawler).pacer,
            at_once=getattr(spider, "at_once", settings.getint("CONCURRENT_REQUESTS")),
            count=stats.inc_value,
            prefetch=settings.getint("CONCURRENT_REQUESTS"),
            lease_seconds=settings.getfloat("FRONTIER_LEASE_SECONDS"),
            beat_seconds=settings.getfloat("FRONTIER_BEAT_SECONDS"),
        )

    def __len__(self) -> int:
        return len(self.leases.buffer)

    def push(self, request: Request) -> None:
        """Enqueue with the next trip; a redirect or a retry of a leased request goes on under its lease."""
        lease = self.leases.of(request)
        if lease:
            self.leases.repeat(lease, request)
        else:
            self.leases.enqueue(to_message(request, self.spider))
            self.pump.hurry()

    def pop(self, timeout: int = 0) -> Request | None:
        """The first of those that are here."""
        return self.pump.next()

    def clear(self) -> None:
        """Never: it is the other workers' too."""


class Scheduler(RedisScheduler):  # type: ignore[misc]
    """One queue a run and spider.

    The base class counts its requests in a way that Scrapy deprecated, so it is given no stats to count in.
    """

    queue: Queue
    _busy: Sequence[int]
    _count: Callable[[str], None]

    @classmethod
    def of(cls, crawler: Crawler) -> Self | None:
        """The scheduler of a crawl, if it is one of ours."""
        scheduler = crawler.engine and crawler.engine.scheduler
        return scheduler if isinstance(scheduler, cls) else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to nothing yet but the signals that tell what becomes of a request."""
        spider: Any = crawler.spider
        prefix = f"{{leads:{spider.run_id}}}:{spider.name}"
        server = Redis.from_url(
            crawler.settings["REDIS_URL"],
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),  # the pump tries again
        )
        scheduler: Self = cls(
            server=server,
            persist=True,
            queue_key=prefix,
            queue_cls=crawler.settings["SCHEDULER_QUEUE_CLASS"],
            dupefilter=SeenRequests(server, f"{prefix}:seen"),
        )
        scheduler._busy = [int(status) for status in crawler.settings.getlist("RETRY_HTTP_CODES")]
        assert crawler.stats
        scheduler._count = crawler.stats.inc_value
        crawler.signals.connect(scheduler.received, signals.response_received)
        crawler.signals.connect(scheduler.raised, signals.spider_error)
        return scheduler

    def __bool__(self) -> bool:
        """An empty queue is a scheduler too."""
        return True

    def open(self, spider: Any) -> None:
        """Begin to lease; the base class asks for the length of the queue, and waits for it."""
        self.spider = spider
        self.queue = Queue(self.server, spider, self.queue_key)

    def enqueue_request(self, request: Request) -> bool:
        """Enqueue; one that cannot be stored is an error of the run, and must not stop the others of its response."""
        try:
            return bool(super().enqueue_request(request))
        except (TypeError, ValueError) as error:
            self._count("leads/failed/not_enqueued")
            log.error("A request was not enqueued: %s", error)  # noqa: TRY400  the message says all
            return False

    def close(self, reason: str) -> Deferred[None]:
        """Tell what is done, give back what is not, and leave the rest to the other workers."""
        return deferred_from_coro(self._close())

    async def _close(self) -> None:
        try:
            await self.queue.pump.finish()
        finally:
            await self.server.aclose()

    def has_pending_requests(self) -> bool:
        """Whether the run has work left, here or at another worker that may fail."""
        return self.queue.pump.pending

    def received(self, response: Response, request: Request) -> None:
        """An answer; one that says "later", after all tries, leaves the request undone."""
        self.answered(request)
        if response.status in self._busy:
            self.failed(request, f"status {response.status}", final=True)

    def raised(self, failure: Failure, response: Any) -> None:
        """A callback or errback broke: the request may be tried again."""
        request = getattr(response, "request", None)
        if request is not None:
            self.failed(request, f"error: {type(failure.value).__name__}")

    def answered(self, request: Request) -> None:
        """The request got what it was made for."""
        if lease := self.queue.leases.of(request):
            lease.answered = True

    def failed(self, request: Request, reason: str, *, final: bool = False) -> None:
        """The request is not done: it is tried again, or buried if that is `final`."""
        if lease := self.queue.leases.of(request):
            lease.failure, lease.final = reason, final

    def give_back(self, request: Request) -> None:
        """The request was not worked on to its end, through no fault of its own."""
        if lease := self.queue.leases.of(request):
            lease.given_back = True
