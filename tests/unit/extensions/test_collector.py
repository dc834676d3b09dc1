import gc

import pytest
from scrapy import signals
from scrapy.utils.test import get_crawler

from leadspiders.extensions.collector import THRESHOLDS, Collector


@pytest.fixture(autouse=True)
def as_before():
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_once_the_crawl_is_open_what_is_there_is_left_alone_and_what_comes_is_collected_more_seldom():
    crawler = get_crawler()
    collector = Collector.from_crawler(crawler)
    before = gc.get_freeze_count()
    crawler.signals.send_catch_log(signals.spider_opened)
    assert gc.get_freeze_count() > before + 10_000
    assert gc.get_threshold() == THRESHOLDS
    del collector


def test_a_cycle_made_later_still_goes():
    Collector().opened()
    ring = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
