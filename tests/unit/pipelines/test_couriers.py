"""Who is hired, and when."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from leadspiders import settings as wiring
from leadspiders.context import Context
from leadspiders.errors import ArgumentError, SetupError
from leadspiders.items.contact import Contact
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.pipelines.couriers import Couriers
from leadspiders.pipelines.export import Export
from leadspiders.spiders.delivery import Delivery

BUNDLED = Path(wiring.__file__).parent / "campaigns" / "performance_marketers.toml"


def couriers(campaign: str = "performance_marketers", **settings: Any) -> Couriers:
    known = {"LEADS_DESTINATIONS": wiring.LEADS_DESTINATIONS, "LEADS_CREDENTIALS": {}}
    crawler = Crawler(Delivery, Settings(known | settings))
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.spider = Delivery.from_crawler(crawler, campaign=campaign)
    return Couriers(Context(crawler), EngineView(crawler))


def test_a_destination_that_nobody_knows_stops_the_crawl(tmp_path: Path) -> None:
    campaign = tmp_path / "spring.toml"
    campaign.write_text(BUNDLED.read_text().replace("destinations.hubspot", "destinations.kixie"))
    couriers().check()
    with pytest.raises(SetupError, match=r"'kixie'.*hubspot"):
        couriers(str(campaign)).check()


def test_without_a_credential_nobody_is_sent() -> None:
    assert couriers().wake("hubspot") is False


def test_a_lead_that_is_not_due_sends_nobody() -> None:
    async def main() -> None:
        staff = couriers(LEADS_CREDENTIALS={"hubspot": ["token"]})
        stage = Export(staff._context, staff)
        lead = Contact(lead_state="identified")
        assert await stage.process_item(lead) is lead
        await stage.close_spider()
        assert staff._context._stats
        assert staff._context._stats.get_stats() == {}
        assert not staff._hired

    asyncio.run(main())


@pytest.mark.parametrize("wrong", [{"destination": "kixie"}, {"retry_dead": "yes"}])
def test_wrong_arguments_of_a_delivery(wrong: dict[str, str]) -> None:
    with pytest.raises(ArgumentError):
        Delivery.checked({"campaign": "performance_marketers"} | wrong, Settings())


def test_arguments_of_a_delivery() -> None:
    given = {"campaign": "performance_marketers", "destination": "hubspot", "retry_dead": "true"}
    spider = Delivery.checked(given, Settings())
    assert (spider.receivers, spider.retry_dead) == (("hubspot",), True)
