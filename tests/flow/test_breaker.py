"""A source that is down is left alone by all workers, tried by one call, and read to its end when it is back."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import pytest
import redis

from leadspiders.stores.embedded.services import Urls
from tests.conftest import Scrapy

ROOT = Path(__file__).parents[2]
CODES = ("06", "12", "17", "39", "48", "53")
IN_A_ROW, WORKERS = 3, 2


def order(sandbox_url: str, page: str, **body: Any) -> None:
    call = Request(f"{sandbox_url}/_sandbox/{page}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    urlopen(call, timeout=10).close()


def answers(sandbox_url: str) -> dict[str, int]:
    """How often BLS answered, by status."""
    with urlopen(f"{sandbox_url}/_sandbox/tally", timeout=10) as answer:
        statuses: dict[str, int] = json.load(answer)["statuses"].get("bls", {})
    return statuses


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def sick_bls(sandbox_url: str) -> Iterator[str]:
    order(sandbox_url, "reset")
    order(sandbox_url, "weather", bls={"rate_5xx": 1})
    yield sandbox_url
    order(sandbox_url, "weather")


def worker(scrapy: Scrapy, run_id: str) -> subprocess.Popen[str]:
    arguments = {"campaign": "dpc_employers", "run_id": run_id, "by": "area", "codes": ",".join(CODES)}
    settings = {"DOWNLOAD_DELAY": 0, "RETRY_TIMES": 9, "BREAKER_IN_A_ROW": IN_A_ROW, "BREAKER_REST_SECONDS": 1}
    words = [word for name, value in arguments.items() for word in ("-a", f"{name}={value}")]
    words += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "bls", *words],
        env={"PATH": "/usr/bin:/bin"} | dict(scrapy.environment),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_source_that_is_down_is_tried_by_one_call_of_all_workers(
    sandboxed: Scrapy, database: str, urls: Urls, sick_bls: str
) -> None:
    run_id = uuid4().hex
    with redis.Redis.from_url(urls.redis_url, decode_responses=True) as client:
        workers = [worker(sandboxed, run_id) for _ in range(WORKERS)]
        try:
            wait_until(lambda: bool(client.keys("{leads:breaker}:bls:*")))
            (key,) = client.keys("{leads:breaker}:bls:*")
            wait_until(lambda: int(client.hget(key, "openings") or 0) >= 2)  # type: ignore[arg-type]
            order(sick_bls, "weather")
            openings = max(2, int(client.hget(key, "openings") or 0))  # type: ignore[arg-type]
            logs = [process.communicate(timeout=60)[0] for process in workers]
        finally:
            for process in workers:
                process.kill()
    assert [process.returncode for process in workers] == [0, 0], logs
    told = answers(sick_bls)
    assert told.pop("200") == len(CODES)
    # Those in a row, a trial that failed for each opening but the first, and what was on its way: there would have been
    # 60 tries.
    assert IN_A_ROW < sum(told.values()) <= IN_A_ROW + (openings - 1) + 2 * WORKERS
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT kind, subject, run_id, closed_at > opened_at FROM incidents").fetchall()
    assert rows == [("provider-down", "bls:default", run_id, True)]
