"""Each source spider over its cassette `<api>/crawl`: the items it makes, and what it asks for next."""

import csv
import io
from typing import Any

import msgspec
import pytest
from scrapy.exceptions import CloseSpider
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from leadspiders.apis.sam_gov.pages import entities_call
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.spiders.apollo import Apollo
from leadspiders.spiders.bls import Bls
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.spiders.samgov import Samgov
from tests.cassettes.crawl import crawl, spider_of, started, visit
from tests.cassettes.deck import Account, Deck

LOADER = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["leadspiders.spiders"]}))
SOURCES = [kind for name in LOADER.list() if issubclass(kind := LOADER.load(name), CampaignSpider) and kind.api]
ITEMS = (MarketCell, Company, Contact)
COLORADO: Any = {"physicalAddressProvinceOrStateCode": "CO", "registrationStatus": "A"}


@pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.name)
def test_a_source_makes_items_of_every_reply(deck: Deck, kind: type[CampaignSpider]) -> None:
    spider = spider_of(kind)
    with deck.play(f"{kind.api}/crawl") as driver:
        pages = crawl(spider, driver)
    assert len(pages) > 1
    for page in pages:
        assert page.items
        assert all(isinstance(item, ITEMS) for item in page.items)
    assert spider.crawler.stats
    assert spider.crawler.stats.get_stats() == {}


def test_cells_are_the_rows(deck: Deck) -> None:
    with deck.play("bls/crawl") as driver:
        pages = crawl(spider_of(Bls), driver)
    assert [page.request.cb_kwargs for page in pages] == [{"year": 2025, "code": code} for code in ("39001", "39003")]
    for page in pages:
        assert page.requests == []
        rows = csv.DictReader(io.StringIO(page.response.text))
        assert [(cell.area_fips, cell.own_code, cell.industry_code) for cell in page.items] == [
            (row["area_fips"], row["own_code"], row["industry_code"]) for row in rows
        ]


def test_the_year_before_is_asked_where_the_latest_is_not_published(deck: Deck) -> None:
    spider = spider_of(Bls, year="latest", quarter="3", codes="39001")
    assert isinstance(spider, Bls)
    spider.year = 2026
    with deck.play("bls/latest") as driver:
        first, second = crawl(spider, driver)
    assert (first.response.status, first.items) == (404, [])
    assert [request.url for request in first.requests] == [second.request.url]
    assert "/2025/3/area/39001.csv" in second.request.url
    assert {cell.year for cell in second.items} == {2025}
    assert spider.crawler.stats
    assert spider.crawler.stats.get_value("leads/source/not_published") == 1


def test_entities_come_page_by_page(deck: Deck) -> None:
    with deck.play("sam_gov/crawl") as driver:
        first, second = crawl(spider_of(Samgov), driver)
    assert first.request.url == entities_url(0)
    assert [request.url for request in first.requests] == [second.request.url] == [entities_url(1)]
    assert second.requests == []
    told = [entity for page in (first, second) for entity in page.response.json()["entityData"]]
    assert [company.uei for page in (first, second) for company in page.items] == [
        entity["entityRegistration"]["ueiSAM"] for entity in told
    ]
    restricted = [entity["entityRegistration"]["evsSource"] == "D&B" for entity in told]
    assert restricted.count(True) > 0
    for company, forbidden in zip([*first.items, *second.items], restricted, strict=True):
        assert (company.marketing_use == "no") is forbidden


def entities_url(page: int) -> str:
    """The address of a page of Colorado."""
    return entities_call(page, **COLORADO).url("https://api.sam.gov")


def test_the_first_page_of_people_tells_how_many_follow(deck: Deck) -> None:
    with deck.play("apollo/crawl") as driver:
        pages = crawl(spider_of(Apollo), driver)
    first, *rest = pages
    told = [page.response.json() for page in pages]
    asked = [msgspec.json.decode(page.request.body) for page in pages]
    assert len(pages) == -(-told[0]["total_entries"] // 5)
    assert [body["page"] for body in asked] == list(range(1, len(pages) + 1))
    assert [request.body for request in first.requests] == [page.request.body for page in rest]
    assert not any(page.requests for page in rest)
    assert asked[0]["person_titles"] == ["Media Buyer", "SEM Manager"]
    for page, body in zip(pages, told, strict=True):
        for contact, person in zip(page.items, body["people"], strict=True):
            assert contact.provider_key == f"apollo:{person['id']}"
            assert contact.last_name_masked == person["last_name_obfuscated"]
            assert (contact.last_name, contact.email) == (None, None)
            assert contact.company.name == person["organization"]["name"]


@pytest.mark.parametrize(
    ("kind", "cassette", "account", "reason"),
    [
        (Apollo, "apollo/crawl_refused", "invalid", "credential-refused"),
        (Samgov, "sam_gov/key_refused", "invalid", "credential-refused"),
        (Samgov, "sam_gov/quota_used_up", "small", "quota-used-up"),
    ],
)
def test_a_source_that_refuses_us_ends_the_crawl(
    deck: Deck, kind: type[CampaignSpider], cassette: str, account: Account, reason: str
) -> None:
    (request,) = started(spider_of(kind))
    with deck.play(cassette, account) as driver:
        driver.wear_out(entities_call(**COLORADO), times=10 if account == "small" else 0)
        with pytest.raises(CloseSpider) as caught:
            visit(request, driver)
    assert caught.value.reason == reason
