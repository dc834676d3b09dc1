"""One crawl for the audit benchmark, with the trail or without: prints pages, seconds and CPU seconds as JSON.

Usage: audit_crawl.py with|without PAGES PAGES_URL DATABASE_URL HOME
"""

import json
import sys
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from leadspiders import settings as product
from leadspiders.context import Context

WITH, PAGES, URL, DATABASE_URL, HOME = sys.argv[1:]


class Many(Spider):
    """As many pages as are asked for, each with a query as sources have it."""

    name = "many"
    run_id = uuid4().hex
    source = name
    sample = goal = None
    campaign: Any = SimpleNamespace(name="bench")

    async def start(self) -> AsyncIterator[Request]:
        """All of them."""
        for number in range(int(PAGES)):
            yield Request(
                f"{URL}/{number}?state=OH&naics=541110,541120&email=somebody{number}%40x.example&page={number}",
                meta={"api": "apollo", "purpose": "people-search"},
            )

    async def parse(self, response: Response) -> None:
        """Nothing to do."""


def main() -> None:
    """Crawl, and say how it went, up to the last row."""
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "CONCURRENT_ITEMS": 8,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "DOWNLOAD_HANDLERS": {"http": product.DOWNLOAD_HANDLERS["http"]},
            "LEADS_URLS": product.LEADS_URLS,
            "LEADS_CREDENTIALS": {},
            "LEADS_HOME": HOME,
            "LEADS_DATABASE_PATIENCE_SECONDS": 30,
            "LEADS_HASH_KEY": "00" * 32 if WITH == "with" else None,
            "DATABASE_URL": DATABASE_URL,
        }
    )
    crawler = process.create_crawler(Many)
    began: list[float] = []
    result: dict[str, float] = {}

    def opened() -> None:
        began[:] = [time.perf_counter(), time.process_time()]

    async def closed() -> None:
        await Context.of(crawler).close()
        assert crawler.stats
        result.update(
            pages=crawler.stats.get_value("downloader/response_status_count/200", 0),
            seconds=time.perf_counter() - began[0],
            cpu=time.process_time() - began[1],
        )

    crawler.signals.connect(opened, signals.spider_opened, weak=False)
    crawler.signals.connect(closed, signals.spider_closed, weak=False)
    process.crawl(crawler)
    process.start()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
