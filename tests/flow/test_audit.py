"""A crawl leaves a trail of every try that went out: whole, without a secret and without a personal datum in clear."""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest

from tests.conftest import Scrapy

KEY = "a-key-that-nobody-may-see"


def post(sandbox_url: str, page: str, body: dict[str, Any]) -> None:
    call = Request(f"{sandbox_url}/_sandbox/{page}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    urlopen(call, timeout=10).close()


def tally(sandbox_url: str) -> dict[str, Any]:
    with urlopen(f"{sandbox_url}/_sandbox/tally", timeout=10) as answer:
        counted: dict[str, Any] = json.load(answer)
    return counted


@pytest.fixture
def weather(sandbox_url: str) -> Any:
    post(sandbox_url, "reset", {})
    yield lambda **by_api: post(sandbox_url, "weather", by_api)
    post(sandbox_url, "weather", {})


def test_every_try_is_on_the_trail_and_nothing_secret(
    sandboxed: Scrapy, database: str, sandbox_url: str, weather: Any, tmp_path: Path
) -> None:
    weather(apollo={"cut": 0.4})
    patient = ("RETRY_TIMES=20", "BREAKER_IN_A_ROW=1000", "BREAKER_CALLS=1000", "DOWNLOAD_DELAY=0")
    crawl = ("crawl", "apollo", "-a", "campaign=performance_marketers", "-a", "sample=200")
    sandboxed(*crawl, *(word for one in patient for word in ("-s", one)), APOLLO_API_KEY=KEY)
    asked = tally(sandbox_url)["calls"]
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT api, status, error, credential, milliseconds, bytes, audit::text FROM audit ORDER BY number"
        ).fetchall()
    assert Counter(row[0] for row in rows) == {api: calls["total"] for api, calls in asked.items() if calls["total"]}
    assert {bool(row[1]) != bool(row[2]) for row in rows} == {True}
    assert {row[1] or row[2] for row in rows} >= {200, "ResponseDataLossError"}
    assert all(row[3].startswith(row[0]) for row in rows)
    assert all(row[5] > 0 for row in rows if row[1] == 200)
    assert not [row for row in rows if KEY in row[6] or "@" in row[6]]

    file = tmp_path / "trail.jsonl"
    sandboxed("audit", "export", "-o", str(file))
    trail = [json.loads(line) for line in file.read_text().splitlines()]
    assert [row["number"] for row in trail] == list(range(1, len(rows) + 1))
    assert {row["subjects"] > 0 for row in trail if "match" in row["url"]} == {True}
    assert {row["subjects"] for row in trail if "search" in row["url"]} == {0}

    with psycopg.connect(database) as connection:
        somebody = connection.execute("SELECT provider_id FROM contacts WHERE provider_id <> '' LIMIT 1").fetchone()
    assert somebody
    about = tmp_path / "about.jsonl"
    sandboxed("audit", "export", "-o", str(about), "--about", somebody[0])
    named = [json.loads(line) for line in about.read_text().splitlines()]
    assert 0 < len(named) < len([row for row in trail if row["subjects"]])
    assert {"match" in row["url"] for row in named} == {True}
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE audit SET url = url || '&page=2' WHERE number = 5")
    assert "row 5 was changed" in sandboxed("audit", "verify", code=1).stdout
