"""One crawl for the pipeline benchmark; prints JSON.

Of the product, of a plain scrapy-redis project, or of one whose seven stages do nothing: what Scrapy itself takes.

Usage: pipeline_crawl.py ours|plain|empty FIRST PAGES PAGES_URL; Postgres, Redis and LEADS_HOME are in the environment.
"""

import cProfile
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from leadspiders.commands.preflight import connect
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.spiders.campaign_spider import CampaignSpider

WHO, URL = sys.argv[1], sys.argv[4]
PAGES = range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3]))
NAMES = (
    "full_name", "first_name", "last_name", "title", "seniority", "email", "email_status", "phone", "linkedin_url",
    "provider_key", "city", "state", "country", "metro",
)  # fmt: skip
FIRM = (
    "name", "domain", "website", "provider_key", "linkedin_url", "phone", "industry", "naics_code", "employees",
    "founded_year", "city", "state", "country",
)  # fmt: skip


class Ours(CampaignSpider):
    """Pages that hold whole records: nothing is bought."""

    name = "bench"

    async def start(self) -> AsyncIterator[Request]:
        """All pages."""
        self.goal = 0
        for number in PAGES:
            yield Request(f"{URL}/{number}", callback=self.parse)

    async def parse(self, response: Response) -> AsyncIterator[Contact]:
        """A contact a record."""
        for row in msgspec.json.decode(response.body):
            company = Company(**{name: row[f"company_{name}"] for name in FIRM})
            yield Contact(**{name: row[name] for name in NAMES}, company=company)


class Plain(Spider):
    """The same pages as dicts."""

    name = "plain"

    async def start(self) -> AsyncIterator[Request]:
        """All pages."""
        for number in PAGES:
            yield Request(f"{URL}/{number}", callback=self.parse)

    async def parse(self, response: Response) -> AsyncIterator[dict[str, Any]]:
        """A dict a record."""
        for row in response.json():
            yield {name: row[name] for name in NAMES} | {f"company_{name}": row[f"company_{name}"] for name in FIRM}


class Insert:
    """An INSERT and a commit for each item: into one table with one key."""

    columns = (*NAMES, *(f"company_{name}" for name in FIRM))

    def open_spider(self) -> None:
        """Connect."""
        self.connection = psycopg.connect(os.environ["DATABASE_URL"])
        columns = ", ".join(f"{name} text" for name in self.columns)
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS plain_leads ({columns}, UNIQUE (linkedin_url))")
        self.connection.commit()
        values = ", ".join(["%s"] * len(self.columns))
        self.query = (
            f"INSERT INTO plain_leads ({', '.join(self.columns)}) VALUES ({values})"
            " ON CONFLICT (linkedin_url) DO UPDATE SET title = excluded.title"
        )

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Store it."""
        self.connection.execute(self.query, [item[name] for name in self.columns])
        self.connection.commit()
        return item

    def close_spider(self) -> None:
        """Disconnect."""
        self.connection.close()


class Empty:
    """A stage that does nothing."""

    async def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """The same item."""
        return item


EMPTY = {type(f"Empty{place}", (Empty,), {}): place for place in range(7)}


def plain_settings() -> Settings:
    """A project with scrapy-redis as its page says, fitted to pages of a hundred."""
    key = uuid4().hex
    return Settings({
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "SCHEDULER_QUEUE_KEY": f"{key}:requests",
        "SCHEDULER_DUPEFILTER_KEY": f"{key}:seen",
        "REDIS_URL": os.environ["REDIS_URL"],
        "ITEM_PIPELINES": EMPTY if WHO == "empty" else {Insert: 300},
        "CONCURRENT_ITEMS": 100,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
    })  # fmt: skip


def our_settings() -> Settings:
    """The product's own."""
    settings = Settings()
    settings.setmodule("leadspiders.settings", priority="project")
    settings.setdict({"LOG_LEVEL": "ERROR"}, priority="cmdline")
    settings.setdict(connect(settings), priority="cmdline")
    return settings


def main() -> None:
    """Crawl; time runs from the opened spider to the last record that has left the stages."""
    process = CrawlerProcess(our_settings() if WHO == "ours" else plain_settings())
    crawler = process.create_crawler(Ours if WHO == "ours" else Plain)
    marks: dict[str, float] = {}
    profile = cProfile.Profile() if "--profile" in sys.argv else None

    def opened() -> None:
        marks.update(began=time.perf_counter(), cpu=time.process_time())
        if profile:
            profile.enable()

    def scraped() -> None:
        marks.update(ended=time.perf_counter(), cpu_ended=time.process_time())

    crawler.signals.connect(opened, signals.spider_opened, weak=False)
    crawler.signals.connect(scraped, signals.item_scraped, weak=False)
    process.crawl(crawler, **({"campaign": "performance_marketers"} if WHO == "ours" else {}))
    process.start()
    if profile:
        profile.disable()
        profile.dump_stats(sys.argv[-1])
    assert crawler.stats
    told = {"leads": crawler.stats.get_value("item_scraped_count", 0), "stats": crawler.stats.get_stats()}
    told["seconds"] = marks.get("ended", 0.0) - marks["began"]
    told["cpu"] = marks.get("cpu_ended", 0.0) - marks["cpu"]
    print(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
