from typing import Any

from scrapy.statscollectors import MemoryStatsCollector, StatsCollector
from scrapy.utils.test import get_crawler

from leadspiders.extensions.stats import Stats


def counted(kind: type[StatsCollector]) -> dict[str, Any]:
    stats = kind(get_crawler())
    stats.set_value("source", "apollo")
    stats.inc_value("seen", 3)
    stats.inc_value("seen", 2, start=10)
    stats.max_value("deepest", 4)
    stats.max_value("deepest", 2)
    stats.min_value("fastest", 4)
    stats.min_value("fastest", 2)
    assert stats.get_value("seen") == 5
    assert stats.get_value("none", "nothing") == "nothing"
    return stats.get_stats()


def test_it_counts_as_scrapys_own_does() -> None:
    assert counted(Stats) == counted(MemoryStatsCollector)
