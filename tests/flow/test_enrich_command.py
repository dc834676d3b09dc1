"""`scrapy enrich`: what waited as identified is bought by a later run, and nothing is paid for twice."""

import json
from typing import Any

import psycopg
import pytest

MARKETERS = "performance_marketers"


def test_leads_that_waited_are_enriched_by_a_later_run(
    sandboxed: Any, database: str, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("--chaos", default=0):
        pytest.skip("long form only: --chaos N")
    sandboxed("crawl", "apollo", "-a", f"campaign={MARKETERS}", "-a", "goal=10", "-s", "DOWNLOAD_DELAY=0")
    first = sandboxed.status(MARKETERS)
    told = json.loads(sandboxed("enrich", MARKETERS, "--goal", "25", "--json").stdout)

    waited = first["leads"]["identified"]
    assert told["before"] == first["leads"]
    assert told["read"] >= waited > 15
    assert 25 <= told["after"]["ready"] < 40  # those on their way when the goal was reached
    assert told["left_alone"]["goal_reached"] > 0
    assert told["spent_usd"] > 0
    with psycopg.connect(database) as connection:
        (twice,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM spend WHERE state = 'settled'"
            " GROUP BY provider, fact HAVING count(*) > 1) AS bought"
        ).fetchone() or (None,)
        (sources,) = connection.execute("SELECT array_agg(DISTINCT source) FROM contacts").fetchone() or (None,)
    assert twice == 0
    assert sources == ["apollo"]
    second = sandboxed.status(MARKETERS)
    assert (second["seen"], second["balanced"]) == (first["seen"], True)


def test_a_wrong_word_is_refused_in_one_line(scrapy: Any) -> None:
    assert scrapy("enrich", code=2).stderr.startswith("name one campaign")
    assert "goal=many" in scrapy("enrich", MARKETERS, "--goal", "many", code=2).stderr
