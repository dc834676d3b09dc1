"""A campaign's outbox with leads in it, a courier as a crawl has it, and a destination that answers as it is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from leadspiders.apis.http import Call, Conversation
from leadspiders.apis.hubspot.contract import check
from leadspiders.apis.refusals import read_object
from leadspiders.context import Context
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.middlewares.door import Door
from leadspiders.pipelines.courier import Courier
from leadspiders.pipelines.pace import Pace
from leadspiders.spiders.delivery import Delivery as DeliverySpider
from leadspiders.stores.postgres.outbox import Delivery, Settlement
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.writer import Writer
from tests.conftest import ENCRYPTION_KEY, VAULT

CAMPAIGN = "performance_marketers"
HASH_KEY = "11" * 32
QUICK = Pace(gather=0, look=0.01, first_rest=0.01, longest_rest_at_the_end=0.05, leave=0.05)

Answer = Callable[[str, list[str]], Awaitable[Response]]
"""Path and the names of the leads in the call -> response; may raise what a download raises."""


def answered(body: Any = None, status: int = 200, **headers: str) -> Response:
    """A response; a dictionary goes as JSON, text as it is."""
    text = body if isinstance(body, str) else json.dumps(body or {})
    return TextResponse("https://crm.example.com", status=status, headers=headers, body=text, encoding="utf-8")


class Board:
    """A CRM that takes ten leads a call, all or none."""

    name = "hubspot"
    api = "hubspot"
    batch = 10

    def prepare(self) -> Conversation[None]:
        check((yield Call(api=self.api, path="/prepare")))

    def deliver(self, leads: Sequence[Delivery]) -> Conversation[list[Settlement]]:
        names = [str(lead.lead.full_name) for lead in leads if isinstance(lead.lead, Contact)]
        reply = yield Call(api=self.api, method="POST", path="/cards", json=names)
        check(reply)
        taken = read_object(reply)["taken"]
        return [Settlement(delivery=lead, outcome="sent", external_id=taken) for lead in leads]


@dataclass
class Delivering:
    """What a test has in hand while a courier works."""

    courier: Courier
    context: Context
    calls: list[tuple[str, list[str]]] = field(default_factory=list)
    leaving: bool = False

    def stat(self, name: str) -> int:
        """A count of the crawl."""
        assert self.context._stats
        return int(self.context._stats.get_value(f"leads/{name}", 0))


def lead(n: int, **said: Any) -> Contact:
    """The n-th person who is ready; ten work at each company."""
    company = Company(name=f"Firm {n // 10}", domain=f"firm{n // 10}.example.com", city="Denver", state="CO")
    values: dict[str, Any] = {
        "full_name": f"Ann Lee{n}",
        "first_name": "Ann",
        "last_name": f"Lee{n}",
        "title": "PPC Manager",
        "email": f"ann{n}@firm{n // 10}.example.com",
        "linkedin_url": f"https://www.linkedin.com/in/ann-lee-{n}",
        "city": "Denver",
        "state": "CO",
        "company": company,
        "lead_state": "ready",
    }
    return Contact(**values | said)


async def store(database_url: str, leads: Sequence[Contact]) -> None:
    """What the store stage does with leads that are due."""
    database = Database(database_url, vault=VAULT)
    writer = Writer(
        database,
        campaign=CAMPAIGN,
        run_id="run",
        keyed_hash=lambda kind, value: f"{kind}:{value}".encode(),
        deliver=lambda _: ["hubspot"],
    )
    try:
        await writer.write(leads)
    finally:
        await database.close()


@pytest.fixture
def due(database: str) -> Callable[..., None]:
    """Put leads into the outbox, as a crawl does."""

    return lambda leads: asyncio.run(store(database, leads))


@pytest.fixture
def rows(database: str) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a query."""

    def read(query: str, *values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(database, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[call-overload,no-any-return]

    return read


@pytest.fixture
def outbox(rows: Callable[..., list[dict[str, Any]]]) -> Callable[[], dict[str, int]]:
    """State and tries -> leads, such as `{"sent 0": 10}`."""
    query = "SELECT state || ' ' || attempts AS place, count(*)::int AS leads FROM outbox GROUP BY 1"
    return lambda: {row["place"]: row["leads"] for row in rows(query)}


@pytest.fixture
def deliver(database: str) -> Callable[..., Delivering]:
    """Run `work(delivering)` with a courier to a destination that answers as `answer` says."""

    def run(
        work: Callable[[Delivering], Coroutine[Any, Any, Any]],
        answer: Answer | None = None,
        destination: Any = None,
        pace: Pace = QUICK,
        store: type[Database] = Database,
    ) -> Delivering:
        async def main() -> Delivering:
            context = context_of(database)
            context.__dict__["database"] = store(database, vault=VAULT)
            courier = Courier(context, destination or Board(), lambda: delivering.leaving, pace)
            delivering = Delivering(courier, context)

            async def download(request: Request) -> Response:
                path = request.url.removeprefix("https://crm.example.com")
                names = json.loads(request.body) if request.body else []
                delivering.calls.append((path, names))
                return await answer(path, names) if answer else answered({"taken": "77"})

            context.door = Door(download, {"hubspot": "https://crm.example.com"})
            try:
                async with asyncio.timeout(20):
                    await work(delivering)
            finally:
                await context.close()
            return delivering

        return asyncio.run(main())

    return run


def context_of(database_url: str) -> Context:
    """What a delivery crawl shares, without an engine."""
    urls = {"hubspot": "https://crm.example.com"}
    settings = {"DATABASE_URL": database_url, "LEADS_HASH_KEY": HASH_KEY, "LEADS_URLS": urls}
    settings["LEADS_ENCRYPTION_KEYS"] = [ENCRYPTION_KEY]
    crawler = Crawler(DeliverySpider, Settings(settings))
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.spider = DeliverySpider.from_crawler(crawler, campaign=CAMPAIGN)
    return Context(crawler)


async def to_the_end(delivering: Delivering) -> None:
    """A lead was due, and the crawl is over."""
    delivering.courier.wake()
    await delivering.courier.finish()
