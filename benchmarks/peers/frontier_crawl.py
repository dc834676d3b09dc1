"""One crawl for the frontier benchmark, with the scheduler it is told: prints pages, seconds and CPU seconds as JSON.

Usage: frontier_crawl.py memory|scrapy-redis|ours PAGES PAGES_URL REDIS_URL
"""

import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any, ClassVar
from uuid import uuid4

from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from leadspiders import settings as product

CHILDREN = 10
SHARED = {"REDIS_URL": sys.argv[4]}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "memory": {},
    "scrapy-redis": SHARED
    | {
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "SCHEDULER_QUEUE_KEY": f"{{bench:{uuid4().hex}}}:requests",
        "SCHEDULER_DUPEFILTER_KEY": f"{{bench:{uuid4().hex}}}:seen",
    },
    "ours": SHARED
    | {
        name: getattr(product, name)
        for name in dir(product)
        if name.startswith(("SCHEDULER", "DUPEFILTER_CLASS", "FRONTIER_"))
    }
    | {
        "SPIDER_MIDDLEWARES": {"leadspiders.middlewares.frontier_output.FrontierOutput": 40},
        "DOWNLOADER_MIDDLEWARES": {"leadspiders.middlewares.frontier_failures.FrontierFailures": 50},
    },
}


class Tree(Spider):
    """Every page leads to ten more, so that each is enqueued once and taken once."""

    name = "tree"
    run_id = uuid4().hex
    pages = int(sys.argv[2])
    got = 0
    began: ClassVar[tuple[float, float]] = (0.0, 0.0)

    async def start(self) -> AsyncIterator[Request]:
        """The root."""
        yield self._page(0)

    async def parse(self, response: Response, number: int) -> AsyncIterator[Request]:
        """The children."""
        type(self).got += 1
        for child in range(number * CHILDREN + 1, min(number * CHILDREN + CHILDREN, self.pages - 1) + 1):
            yield self._page(child)

    def _page(self, number: int) -> Request:
        return Request(f"{sys.argv[3]}/{number}", callback=self.parse, cb_kwargs={"number": number})


def main() -> None:
    """Crawl, and say how it went."""
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "CONCURRENT_ITEMS": 8,  # a hundred idle tasks a page would hide what the queue costs
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
        | SCHEDULERS[sys.argv[1]]
    )
    crawler = process.create_crawler(Tree)

    def opened() -> None:
        Tree.began = (time.perf_counter(), time.process_time())

    result: dict[str, float] = {}

    def idle() -> None:
        if not result:
            seconds, cpu = time.perf_counter() - Tree.began[0], time.process_time() - Tree.began[1]
            result.update(pages=Tree.got, seconds=seconds, cpu=cpu)

    crawler.signals.connect(opened, signals.spider_opened, weak=False)
    crawler.signals.connect(idle, signals.spider_idle, weak=False)
    process.crawl(crawler)
    process.start()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
