"""Runs a spider over a cassette, request by request: no engine, no queue, and every page can be looked at."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from leadspiders.apis.registry import APIS
from leadspiders.spiders.campaign_spider import CampaignSpider
from tests.cassettes.deck import CASSETTES
from tests.cassettes.driver import Driver

CAMPAIGN = CASSETTES / "campaign.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One request, its response, and what the callback made of it."""

    request: Request
    response: TextResponse
    items: list[Any]
    requests: list[Request]


def spider_of(kind: type[CampaignSpider], **arguments: str) -> CampaignSpider:
    """A spider that is configured for the campaign of the cassettes and the real addresses."""
    crawler = Crawler(kind, Settings({"LEADS_URLS": {name: api.base_url for name, api in APIS.items()}}))
    crawler.stats = MemoryStatsCollector(crawler)
    return kind.from_crawler(crawler, campaign=str(CAMPAIGN), **arguments)


def started(spider: CampaignSpider) -> list[Request]:
    """The first requests of a spider."""
    return [request for request in asyncio.run(_listed(spider.start())) if isinstance(request, Request)]


def visit(request: Request, driver: Driver) -> Page:
    """What the callback of one request makes of the reply."""
    response = driver.fetch(request)
    assert request.callback
    given = asyncio.run(_listed(request.callback(response, **request.cb_kwargs)))
    return Page(
        request=request,
        response=response,
        items=[one for one in given if not isinstance(one, Request)],
        requests=[one for one in given if isinstance(one, Request)],
    )


def crawl(spider: CampaignSpider, driver: Driver) -> list[Page]:
    """Every page that a spider asks for, in the order of its requests."""
    waiting, pages = started(spider), []
    while waiting:
        pages.append(visit(waiting.pop(0), driver))
        waiting += pages[-1].requests
    return pages


async def _listed(given: AsyncIterable[Any]) -> list[Any]:
    return [one async for one in given]
