"""The run's shared queue as Scrapy sees it: scrapy-redis with JSON in place of pickle, and first come, first served.

Stock scrapy-redis unpickles what it finds in Redis, which runs whatever somebody put there. Here a request is JSON and
nothing else; what cannot be written as JSON is refused when it is enqueued.
"""

from typing import Any, Self

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector
from scrapy.utils.request import request_from_dict
from scrapy_redis.connection import get_redis
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import PriorityQueue
from scrapy_redis.scheduler import Scheduler as RedisScheduler

KEPT_AFTER_END_SECONDS = 24 * 3600  # a late worker of a finished run must still see what was done
SECRET_HEADERS = (b"authorization", b"x-api-key", b"x-access-token", b"cookie")


class SeenRequests(RFPDupeFilter):  # type: ignore[misc]
    """The fingerprints of a run, shared by its workers."""

    def clear(self) -> None:
        """Never: another worker may still need them. They expire after the run's end."""


class Queue(PriorityQueue):  # type: ignore[misc]
    """Requests as JSON, by priority and, within one priority, by a sequence number of the run."""

    def _encode_request(self, request: Request) -> bytes:
        stored = request.to_dict(spider=self.spider)
        headers = {name.lower() for name in stored["headers"]}
        if secret := headers.intersection(SECRET_HEADERS):
            raise ValueError(f"a request to {request.url} carries {secret.pop().decode()}: credentials enter later")
        stored["body"] = stored["body"].decode("latin-1")
        stored["headers"] = {
            name.decode("latin-1"): [value.decode("latin-1") for value in values]
            for name, values in stored["headers"].items()
        }
        sequence = self.server.incr(f"{self.key}:sequence")
        return b"%016d" % sequence + msgspec.json.encode(stored)

    def _decode_request(self, encoded_request: bytes) -> Request:
        stored: dict[str, Any] = msgspec.json.decode(encoded_request[16:])
        stored["body"] = stored["body"].encode("latin-1")
        return request_from_dict(stored, spider=self.spider)

    def expire(self, seconds: int) -> None:
        """Let the sequence go once the run is over."""
        self.server.expire(f"{self.key}:sequence", seconds)


class Scheduler(RedisScheduler):  # type: ignore[misc]
    """One queue a run and spider. Closing a worker leaves what is in it to the others.

    The base class counts its requests in a way that Scrapy deprecated, so it is given no stats to count in.
    """

    _counts: StatsCollector

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Key the queue by run, so that two runs never share work and all workers of one run do."""
        spider: Any = crawler.spider
        prefix = f"{{leads:{spider.run_id}}}:{spider.name}"
        server = get_redis(url=crawler.settings["REDIS_URL"])
        scheduler: Self = cls(
            server=server,
            persist=True,
            queue_key=f"{prefix}:requests",
            queue_cls=crawler.settings["SCHEDULER_QUEUE_CLASS"],
            dupefilter=SeenRequests(server, f"{prefix}:seen"),
        )
        scheduler._counts = crawler.stats
        return scheduler

    def open(self, spider: Any) -> None:
        """Open the queue; the base class logs through a method that Scrapy deprecated."""
        self.spider = spider
        self.queue = Queue(server=self.server, spider=spider, key=self.queue_key)
        if waiting := len(self.queue):
            spider.logger.info("Resuming the run with %d requests waiting", waiting)

    def enqueue_request(self, request: Request) -> bool:
        """Queue a request unless the run has seen it."""
        queued = bool(super().enqueue_request(request))
        self._counts.inc_value(f"scheduler/{'enqueued' if queued else 'filtered'}/redis")
        return queued

    def next_request(self) -> Request | None:
        """The first of those with the highest priority."""
        request: Request | None = super().next_request()
        if request:
            self._counts.inc_value("scheduler/dequeued/redis")
        return request

    def close(self, reason: str) -> None:
        """Leave the queue to the other workers; when it is empty, let the run's traces expire."""
        if not len(self.queue):
            self.queue.expire(KEPT_AFTER_END_SECONDS)
            self.server.expire(self.df.key, KEPT_AFTER_END_SECONDS)
        self.server.close()
