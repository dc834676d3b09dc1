"""The samgov spider over a whole register in this process: large questions are cut, and nobody is out of reach."""

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from leadspiders.apis.registry import APIS
from leadspiders.middlewares.to_disk import FileResponse
from leadspiders.sandbox.apis import sam_filters, sam_json
from leadspiders.sandbox.world.registrations import Registration
from leadspiders.sandbox.world.truth import World, grow
from leadspiders.spiders import samgov_pages
from leadspiders.spiders.samgov import Samgov

ROOT = Path(__file__).parents[2]
PAGE = 10
NOT_YET = {"message": "The requested file is not generated yet, please try again later"}
EXPIRED = {"message": "The requested token is expired"}
TOO_MANY = {"message": "The search exceeded the maximum allowable limit of 1,000,000 records"}


class Register:
    """Answers pages as the sandbox does; counts how often each question was asked."""

    def __init__(self, entries: list[Registration]) -> None:
        self.entries = entries
        self.asked: Counter[str] = Counter()

    def answer(self, request: Request) -> TextResponse:
        self.asked[request.url] += 1
        asked = dict(parse_qsl(urlsplit(request.url).query))
        found = sam_filters.find(self.entries, asked)
        start = int(asked["page"]) * PAGE
        links = {"selfLink": "x"} | ({"nextLink": "x"} if start + PAGE < len(found) else {})
        body = {
            "totalRecords": len(found),
            "entityData": [sam_json.entity(one, sam_json.DEFAULT_SECTIONS) for one in found[start : start + PAGE]],
            "links": links,
        }
        return said(request, body)


def said(request: Request, body: Any, status: int = 200) -> TextResponse:
    blank = TextResponse("https://x", status=status, body=json.dumps(body).encode())
    return blank.replace(url=request.url, request=request)


def spider_of(**arguments: str) -> Samgov:
    crawler = Crawler(Samgov, Settings({"LEADS_URLS": {name: api.base_url for name, api in APIS.items()}}))
    crawler.stats = MemoryStatsCollector(crawler)
    return Samgov.from_crawler(crawler, campaign="dpc_employers", **arguments)


async def outputs(given: Any) -> list[Any]:
    return [one async for one in given]


def visited(request: Request, response: TextResponse) -> tuple[list[Any], list[Request]]:
    assert request.callback
    given = asyncio.run(outputs(request.callback(response, **request.cb_kwargs)))
    items = [one for one in given if not isinstance(one, Request)]
    return items, [one for one in given if isinstance(one, Request)]


def crawled(spider: Samgov, register: Register) -> list[str]:
    """UEIs in the order in which they came; what has a higher priority is asked first."""
    waiting: list[Request] = asyncio.run(outputs(spider.start()))
    found: list[str] = []
    seen = set()
    while waiting:
        waiting.sort(key=lambda request: -request.priority)
        request = waiting.pop(0)
        if request.url not in seen:
            seen.add(request.url)
            items, more = visited(request, register.answer(request))
            found += [company.uei for company in items]
            waiting += more
    return found


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=5, people=10, companies=600)


@pytest.fixture
def register(world: World) -> Register:
    return Register(list(world.registrations))


def everybody(register: Register) -> list[str]:
    """The campaign takes registrations that have run out as well."""
    return sorted(one.uei for one in register.entries if one.registered)


def test_everybody_is_read_with_the_fewest_requests(register: Register) -> None:
    found = crawled(spider_of(), register)
    assert sorted(found) == everybody(register)
    assert register.asked.total() == -(-len(found) // PAGE)


def test_a_question_above_the_window_is_cut_until_all_of_it_can_be_read(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samgov_pages, "WINDOW", 20)
    monkeypatch.setattr(samgov_pages, "LAST_PAGE", 1)
    spider = spider_of()
    assert sorted(crawled(spider, register)) == everybody(register)
    assert max(register.asked.values()) == 1
    assert max(int(dict(parse_qsl(urlsplit(url).query))["page"]) for url in register.asked) == 1
    assert spider.gaps == 0
    assert spider.crawler.stats
    assert spider.crawler.stats.get_value("leads/source/split") > 5


def test_what_cannot_be_cut_any_further_is_said_to_be_out_of_reach(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samgov_pages, "WINDOW", 20)
    monkeypatch.setattr(samgov_pages, "LAST_PAGE", 1)
    one = next(entry for entry in register.entries if entry.active and entry.registered)
    register.entries = [one] * 25
    spider = spider_of(states=one.company.place.state.code)
    assert len(crawled(spider, register)) == 20
    assert spider.gaps == 1
    assert spider.crawler.stats
    assert spider.crawler.stats.get_value("leads/source/out_of_reach") == 5


def test_the_best_markets_are_asked_first(register: Register) -> None:
    spider = spider_of()
    spider.ranked = ("TX", "OH")
    found = crawled(spider, register)
    assert sorted(found) == everybody(register)
    state = {entry.uei: entry.company.place.state.code for entry in register.entries}
    order = list(dict.fromkeys(state[uei] for uei in found))
    assert order[:2] == ["TX", "OH"]
    assert len(order) > 10


def test_only_what_changed_since_the_last_complete_crawl_is_asked_for(register: Register) -> None:
    spider = spider_of()
    spider.since, spider.today = date(2026, 6, 2), date(2027, 1, 31)
    found = crawled(spider, register)
    changed = {one.uei for one in register.entries if one.updated_on >= date(2026, 6, 1)}
    assert sorted(found) == [uei for uei in everybody(register) if uei in changed]
    assert 0 < len(found) < len(everybody(register))


def test_an_extract_is_polled_more_and_more_rarely_and_ordered_anew_when_it_expired() -> None:
    spider = spider_of(mode="extract")
    (order,) = asyncio.run(outputs(spider.start()))
    _, (poll,) = visited(order, said(order, "... download-entities?token=AB12CD34EF in some time."))
    now = datetime.now(UTC).timestamp()
    assert "token=AB12CD34EF" in poll.url
    assert now + 170 < poll.meta["not_before"] < now + 190
    _, (later,) = visited(poll, said(poll, NOT_YET, 400))
    assert (later.url, later.dont_filter) == (poll.url, True)
    assert later.meta["not_before"] > now + 260
    _, (anew,) = visited(later, said(later, EXPIRED, 400))
    assert anew.url == order.url
    assert anew.cb_kwargs["orders"] == 2


def test_an_extract_that_never_comes_is_a_gap() -> None:
    spider = spider_of(mode="extract")
    (order,) = asyncio.run(outputs(spider.start()))
    _, requests = visited(order, said(order, "token=AB12CD34EF"))
    polls = 0
    while requests:
        polls += 1
        _, requests = visited(requests[0], said(requests[0], NOT_YET, 400))
    assert polls == 20
    assert spider.gaps == 1


def test_an_extract_of_too_many_is_cut_by_state() -> None:
    spider = spider_of(mode="extract", states="OH,TX")
    (order,) = asyncio.run(outputs(spider.start()))
    _, parts = visited(order, said(order, TOO_MANY, 400))
    assert [part.cb_kwargs["question"]["states"] for part in parts] == [("OH",), ("TX",)]
    assert {part.callback for part in parts} == {spider.parse_order}


def test_an_extract_on_disk_is_read_and_removed(tmp_path: Path) -> None:
    spider = spider_of(mode="extract")
    (order,) = asyncio.run(outputs(spider.start()))
    _, (poll,) = visited(order, said(order, "token=AB12CD34EF"))
    path = tmp_path / "extract"
    path.write_bytes((ROOT / "fixtures" / "payloads" / "sam_gov" / "entity_registered.json").read_bytes())
    response = FileResponse(poll.url, request=poll, path=path)
    items, requests = visited(poll, response)  # type: ignore[arg-type]
    assert [company.uei for company in items] == ["UE9QJD4KK1L6"]
    assert requests == []
    assert not path.exists()
