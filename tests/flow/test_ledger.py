"""`scrapy ledger` on the command line, over a crawl that was cut short by hand."""

import json
import shlex
from typing import Any

import psycopg
import pytest
from redis import Redis

from leadspiders.stores.embedded.services import Urls

CAMPAIGN = "performance_marketers"


@pytest.fixture
def crawled(sandboxed: Any, urls: Urls) -> Any:
    """A finished crawl of the people of a small world, whose queue Redis has forgotten."""
    sandboxed("crawl", "apollo", "-a", f"campaign={CAMPAIGN}", "-a", "run_id=one", "-a", "goal=1",
              "-s", "DOWNLOAD_DELAY=0")  # fmt: skip
    with Redis.from_url(urls.redis_url) as client:
        for key in client.scan_iter("{leads:one}*"):
            client.delete(key)
    return sandboxed


def ledger(scrapy: Any, *words: str, code: int = 0) -> Any:
    return json.loads(scrapy("ledger", CAMPAIGN, "--json", *words, code=code).stdout)


def test_a_finished_run_adds_up_and_one_that_was_cut_short_is_repaired(crawled: Any, database: str, urls: Urls) -> None:
    whole = ledger(crawled, "--repair")
    assert whole["balanced"]
    assert whole["pending"] == 0
    assert whole["repaired"] == []  # nothing is left to do

    with psycopg.connect(database) as connection:
        last = connection.execute(
            "DELETE FROM receipts WHERE receipt = (SELECT max(receipt) FROM receipts WHERE children = '{}')"
            " RETURNING receipt, seen"
        ).fetchone()
        assert last
        connection.execute("DELETE FROM contacts WHERE receipt = %s", [last[0]])
    cut = ledger(crawled, "--repair")
    assert cut["requests"]["unanswered"] == {"nowhere": 1}
    (command,) = (shlex.split(line) for line in cut["repaired"])
    assert command[:3] == ["scrapy", "crawl", "apollo"]
    assert {"run_id=one", "goal=1"} <= set(command)
    with Redis.from_url(urls.redis_url) as client:
        seen = client.smembers("{leads:one}:apollo:seen")
    assert bytes.fromhex(last[0].partition(".")[0])[:16] not in seen
    assert len(seen) == cut["requests"]["done"] > 0

    crawled(*command[1:], "-s", "DOWNLOAD_DELAY=0")
    again = ledger(crawled)
    assert again == whole | {"runs": again["runs"], "stored": again["stored"], "merged": again["merged"]}
    assert again["stored"] + again["merged"] == whole["stored"] + whole["merged"]
