"""What the apollo spider makes of answers that the sandbox never gives, with a real database behind it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from leadspiders.apis.registry import APIS
from leadspiders.context import Context
from leadspiders.pipelines.store import Store
from leadspiders.spiders.apollo import Apollo
from leadspiders.stores.postgres.parked import read_payload
from tests.conftest import ENCRYPTION_KEY, VAULT

CAMPAIGN = "performance_marketers"
CELL = """
INSERT INTO market_cells (area_fips, own_code, industry_code, agglvl_code, size_code, year, qtr, disclosure_code,
                          establishments) VALUES (%s, '5', '54', '64', '6', 2025, '1', '', %s)
"""


def in_a_crawl(database: str, work: Callable[[Apollo], Awaitable[Any]], campaign: str = CAMPAIGN) -> Any:
    """What `work` makes of a spider that stands in the middle of a crawl."""

    async def run() -> Any:
        urls = {name: api.base_url for name, api in APIS.items()}
        settings = Settings({"LEADS_URLS": urls, "DATABASE_URL": database, "LEADS_HASH_KEY": "00" * 32}, "cmdline")
        settings.setmodule("leadspiders.settings")
        settings.set("LEADS_ENCRYPTION_KEYS", [ENCRYPTION_KEY], "cmdline")
        crawler = Crawler(Apollo, settings)
        crawler.stats = MemoryStatsCollector(crawler)
        spider = crawler.spider = Apollo.from_crawler(crawler, campaign=campaign)
        context = Context.of(crawler)
        Store(context)  # gives the crawl its writer
        try:
            return await work(spider)
        finally:
            await context.close()

    return asyncio.run(run())


async def answered(spider: Apollo, request: Request, status: int, body: Any) -> list[Any]:
    """What the callback of a request yields for this answer."""
    response = TextResponse(request.url, status=status, body=json.dumps(body).encode(), request=request)
    assert request.callback
    return [one async for one in request.callback(response, **request.cb_kwargs)]


async def first_request(spider: Apollo) -> Request:
    first, *_ = [request async for request in spider.start()]
    return first


def page(total: int) -> dict[str, Any]:
    return {"total_entries": total, "people": [{"id": "p1", "first_name": "Dana", "title": "Media Buyer"}]}


def test_a_refused_request_is_parked_with_what_was_asked(database: str) -> None:
    async def work(spider: Apollo) -> list[Any]:
        request = await first_request(spider)
        return [
            *await answered(spider, request, 422, {"error": "person_titles is invalid"}),
            *await answered(spider, request, 422, {"error": "person_titles is invalid"}),
        ]

    assert in_a_crawl(database, work) == []
    with psycopg.connect(database) as connection:
        parked = connection.execute("SELECT id, stage, reason, source, payload FROM parked_records").fetchall()
        ledger = connection.execute("SELECT seen, counts FROM receipts").fetchall()
    ((id_, stage, reason, source, sealed),) = parked
    payload = read_payload(VAULT, id_, sealed)
    assert (stage, reason, source, payload["status"]) == ("source", "request-requestrefused", "apollo", 422)
    assert json.loads(payload["request"]["body"])["person_titles"][0] == "Performance Marketing Manager"
    assert ledger == [(1, {"parked:request-requestrefused": 1})]


def test_an_unreadable_answer_is_asked_for_again_and_parked_at_the_third(database: str) -> None:
    async def work(spider: Apollo) -> int:
        request, tries = await first_request(spider), 0
        while request:
            request, tries = next(iter(await answered(spider, request, 200, ["no object"])), None), tries + 1
        return tries

    assert in_a_crawl(database, work) == 3
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT reason FROM parked_records").fetchall() == [("request-unreadable",)]


def test_a_query_too_large_is_cut_largest_market_first(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(CELL, ["39000", 40])
        connection.execute(CELL, ["06000", 90])

    async def work(spider: Apollo) -> tuple[list[Request], int]:
        found = await answered(spider, await first_request(spider), 200, page(120_000))
        parts = [one for one in found if isinstance(one, Request)]
        people = len(found) - len(parts)
        await answered(spider, parts[0], 200, page(30_000))
        assert spider.crawler.stats
        assert spider.crawler.stats.get_value("leads/source/in_no_part") == 90_000
        return parts, people

    parts, people = in_a_crawl(database, work)
    places = [json.loads(part.body)["person_locations"] for part in parts]
    assert (len(parts), people) == (51, 1)
    assert places[:2] == [["California, US"], ["Ohio, US"]]
    assert [part.priority for part in parts] == list(range(51, 0, -1))


def test_pages_of_a_part_keep_its_rank_and_end_at_the_last_that_is_shown(database: str) -> None:
    async def work(spider: Apollo) -> list[Any]:
        parts = await answered(spider, await first_request(spider), 200, page(120_000))
        return await answered(spider, parts[0], 200, page(201))

    pages = [one for one in in_a_crawl(database, work) if isinstance(one, Request)]
    assert [json.loads(one.body)["page"] for one in pages] == [2, 3]
    assert {one.priority for one in pages} == {51}


def test_what_nothing_splits_is_read_as_far_as_pages_go(database: str, tmp_path: Path) -> None:
    campaign = tmp_path / "one_title.toml"
    minimal = Path(__file__).parents[2] / "fixtures/campaigns/minimal.toml"
    campaign.write_text(minimal.read_text().replace("[sources.apollo]", "[sources.apollo]\nsplit_by = []"))

    async def work(spider: Apollo) -> tuple[int, Any]:
        found = await answered(spider, await first_request(spider), 200, page(60_000))
        assert spider.crawler.stats
        return len(found), spider.crawler.stats.get_value("leads/source/out_of_reach")

    assert in_a_crawl(database, work, str(campaign)) == (500, 10_000)


@pytest.mark.parametrize(("reason", "body"), [("day-cap", None), ("quota", {"error": "insufficient credits"})])
def test_companies_that_may_not_be_bought_do_not_end_the_crawl(
    database: str, tmp_path: Path, reason: str, body: Any
) -> None:
    campaign = tmp_path / "buying.toml"
    text = (Path(__file__).parents[2] / "leadspiders/campaigns/dpc_employers.toml").read_text(encoding="utf-8")
    campaign.write_text(text.replace("[sources.apollo]", '[sources.apollo]\ncompanies = ["profile"]', 1))

    async def work(spider: Apollo) -> tuple[list[Any], int, int]:
        request = await first_request(spider)
        assert request.meta["credits"] == 1.0
        if body is None:
            request.meta["not_bought"] = reason
        before = spider.company_pages
        return await answered(spider, request, 402 if body is None else 422, body), before, spider.company_pages

    yielded, before, after = in_a_crawl(database, work, str(campaign))
    assert (yielded, before) == ([], 19)
    assert after == (19 if body is None else 0)
