"""What every source spider keeps, whoever wrote it: adding a spider adds its tests."""

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from leadspiders import settings as module
from leadspiders.errors import ArgumentError, CampaignError
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.embedded.services import discard

SETTINGS = Settings()
SETTINGS.setmodule(module)
LOADER = get_spider_loader(SETTINGS)
SPIDERS = sorted(LOADER.list())
SOURCES = [name for name in SPIDERS if LOADER.load(name).api]
SAMPLE = 12
CAMPAIGN = {"campaign": "dpc_employers"}


def spider(name: str) -> type[CampaignSpider]:
    found = LOADER.load(name)
    assert issubclass(found, CampaignSpider)
    return found


def test_the_spiders_are_those_that_users_know() -> None:
    assert SPIDERS == ["apollo", "bls", "delivery", "samgov"]


@pytest.mark.parametrize("name", SPIDERS)
def test_the_file_the_spider_and_the_class_have_one_name(name: str) -> None:
    assert spider(name).__module__ == f"leadspiders.spiders.{name}"
    assert spider(name).__name__.lower() == name


@pytest.mark.parametrize("name", SPIDERS)
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, ArgumentError),
        ({"campaign": "no_such_campaign"}, CampaignError),
        (CAMPAIGN | {"sampel": "5"}, ArgumentError),
        (CAMPAIGN | {"sample": "0"}, ArgumentError),
        (CAMPAIGN | {"goal": "many"}, ArgumentError),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_runs(
    name: str, arguments: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        spider(name).checked(arguments, SETTINGS)


@pytest.mark.parametrize("name", SPIDERS)
def test_an_argument_of_scrapyd_is_no_mistake(name: str) -> None:
    assert spider(name).checked(CAMPAIGN | {"_job": "5b1c"}, SETTINGS)


@pytest.mark.parametrize("name", SOURCES)
def test_a_sample_stops_and_every_record_says_where_it_came_from(name: str, sandboxed: Any, tmp_path: Path) -> None:
    feed = tmp_path / "records.jsonl"
    sandboxed(
        *("crawl", name, "-a", "campaign=dpc_employers", "-a", f"sample={SAMPLE}"),
        *("-O", str(feed), "-s", "DOWNLOAD_DELAY=0"),
    )
    records = [json.loads(line) for line in feed.read_text().splitlines()]
    assert 0 < len(records) <= SAMPLE  # a record that is refused is in the sample, and in no feed
    for record in records:
        origin = record["origin"]
        assert (origin["source"], len(origin["receipt"].partition(".")[0])) == (name, 40)
        assert origin["url"].startswith("http")
        assert "sandbox" not in origin["url"].partition("?")[2]  # the key of the sandbox
    status = sandboxed.status("dpc_employers")
    assert (status["seen"], status["balanced"]) == (SAMPLE, True)


def test_the_contracts_of_the_callbacks_hold(make_scrapy: Any, tmp_path: Path) -> None:
    try:
        done = make_scrapy(LEADS_HOME=str(tmp_path))("check", "-v")  # a home of its own: it brings its own sandbox
    finally:
        discard(tmp_path)
    assert [name for name in SOURCES if f"[{name}] parse" not in done.stderr] == []
