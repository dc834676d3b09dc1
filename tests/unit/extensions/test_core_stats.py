from scrapy import signals
from scrapy.utils.test import get_crawler

from leadspiders.extensions.core_stats import CoreStats


def test_no_receiver_costs_each_record_a_task_and_what_is_dropped_is_counted_as_ever() -> None:
    crawler = get_crawler(settings_dict={"EXTENSIONS_BASE": {}})
    core = CoreStats.from_crawler(crawler)
    assert crawler.signals.send_catch_log(signals.item_scraped, item=1, spider=None) == []
    crawler.signals.send_catch_log(signals.item_dropped, item=1, spider=None, exception=ValueError())
    assert crawler.stats is core.stats
    assert core.stats.get_value("item_dropped_count") == 1
