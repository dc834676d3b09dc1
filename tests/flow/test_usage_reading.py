"""A crawl that may buy notes first what the provider's counter says: lost answers are judged by that."""

from typing import Any

import psycopg


def test_the_counter_is_read_once_before_the_first_purchase(sandboxed: Any) -> None:
    sandboxed("crawl", "apollo", "-a", "sample=12", "-s", "DOWNLOAD_DELAY=0", "-a", "campaign=performance_marketers")
    with psycopg.connect(sandboxed.environment["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT provider, account LIKE 'apollo-%', read_at <= (SELECT min(reserved_at) FROM spend)"
            "  FROM usage_readings"
        ).fetchall()
        prices = connection.execute("SELECT DISTINCT price, offer FROM spend WHERE provider = 'apollo'").fetchall()
        sent = connection.execute(
            "SELECT DISTINCT account LIKE provider || '-%', sent_at BETWEEN reserved_at AND settled_at FROM spend"
        ).fetchall()
    assert sent == [(True, True)]
    assert found == [("apollo", True, True)]
    assert prices == [("campaign", "match")]
