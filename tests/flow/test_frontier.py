"""Workers of one run share its queue: nothing is fetched twice, and nothing is lost when one is killed on the way."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import pytest
import redis

from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.postgres.parked import read_payload
from tests.conftest import VAULT

ROOT = Path(__file__).parents[2]
PER_PAGE = 5
CAMPAIGN = f"""
title = "People to search for"
description = "Small pages, and nothing is bought."
lead = "contact"
[target]
titles = ["Media Buyer", "PPC Manager", "SEM Manager"]
[sources.apollo]
enabled = true
delay_seconds = 0
per_page = {PER_PAGE}
[budget]
cap_usd = 100
per_run_usd = 50
per_day_usd = 20
per_lead_usd = 1
per_call_usd = 2
[scoring]
version = "1"
[scoring.qualify]
score = "quality"
at_least = 75
[scoring.variants.control]
share = 1
industry = {{ cap = 60, other = 30 }}
decision_makers = {{ cap = 40, points = [20, 40] }}
[goals]
leads = 10
hours = 1
per_hour = 10
sandbox_leads = 5
"""
SHORT_LEASES = ("-s", "FRONTIER_LEASE_SECONDS=1.5", "-s", "FRONTIER_BEAT_SECONDS=0.5", "-s", "LEADS_CLAIM_SECONDS=2")
LOOKS_OFTEN = ("-s", "FRONTIER_BEAT_SECONDS=0.5")
"""For what others have left behind, with leases of its own that no idle moment of the machine outlasts."""


@dataclass(frozen=True)
class Place:
    """A clean database, the campaign, and the sandbox with its tally."""

    scrapy: Any
    database: str
    redis_url: str
    sandbox: str
    campaign: Path

    @contextmanager
    def worker(self, run_id: str, *more: str) -> Iterator[subprocess.Popen[str]]:
        """A crawl in a process of its own; what is still alive at the end is killed."""
        words = ("crawl", "apollo", "-a", f"campaign={self.campaign}", "-a", f"run_id={run_id}", *more)
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words],
            env={"PATH": "/usr/bin:/bin"} | self.scrapy.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def searches(self) -> int:
        """How often the sandbox was asked for people."""
        with urlopen(f"{self.sandbox}/_sandbox/tally", timeout=10) as answer:
            calls: dict[str, Any] = json.load(answer)["calls"].get("apollo", {"paths": {}})["paths"]
        return sum(count for path, count in calls.items() if "search" in path)

    def contacts(self) -> tuple[int, int]:
        """How many there are, and how many receipts are settled less than they saw."""
        with psycopg.connect(self.database) as connection:
            stored = connection.execute("SELECT count(*) FROM contacts").fetchone()
            open_ones = connection.execute("SELECT count(*) FROM receipts WHERE cardinality(settled) < seen").fetchone()
        assert stored
        assert open_ones
        return stored[0], open_ones[0]

    def left_in_redis(self, run_id: str) -> set[str]:
        """The kinds of keys that the run still has."""
        with redis.Redis.from_url(self.redis_url, decode_responses=True) as client:
            return {key.rpartition(":")[2] for key in client.scan_iter(f"{{leads:{run_id}}}:*")}  # type: ignore[misc]


def outcome(process: subprocess.Popen[str]) -> str:
    """Wait for the end; the log of a crawl that ended well."""
    log, _ = process.communicate(timeout=120)
    assert process.returncode == 0, log[-8000:]
    return log


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def place(sandboxed: Any, database: str, urls: Urls, sandbox_url: str, tmp_path: Path) -> Place:
    campaign = tmp_path / "search.toml"
    campaign.write_text(CAMPAIGN)
    with urlopen(Request(f"{sandbox_url}/_sandbox/reset", method="POST"), timeout=10):
        pass
    assert environment(sandbox_url).items() <= sandboxed.environment.items()
    return Place(sandboxed, database, urls.redis_url, sandbox_url, campaign)


def test_two_workers_split_a_crawl_and_a_late_one_finds_nothing_to_do(place: Place) -> None:
    run_id = uuid4().hex
    with place.worker(run_id) as one, place.worker(run_id) as two:
        logs = [outcome(one), outcome(two)]
    status = place.scrapy.status(str(place.campaign))
    pages = -(-status["seen"] // PER_PAGE)
    assert pages > 10
    assert status["balanced"]
    assert place.searches() == pages
    assert place.contacts() == (status["stored"], 0)
    assert place.left_in_redis(run_id) == {"seen", "sequence"}
    assert all("Traceback" not in log for log in logs)
    with place.worker(run_id) as late:
        outcome(late)
    assert place.searches() == pages


def test_what_a_killed_worker_had_is_done_by_the_next_and_stored_once(place: Place) -> None:
    run_id = uuid4().hex
    with place.worker(run_id, *SHORT_LEASES, "-s", "DOWNLOAD_DELAY=0.2") as killed:
        wait_until(lambda: place.searches() >= 6)
        killed.kill()
        killed.wait()
    assert "lease" in place.left_in_redis(run_id)
    with place.worker(run_id, *LOOKS_OFTEN) as second:
        outcome(second)
    status = place.scrapy.status(str(place.campaign))
    pages = -(-status["seen"] // PER_PAGE)
    assert status["balanced"]
    assert status["pending"] == 0
    assert place.contacts() == (status["stored"], 0)
    assert place.left_in_redis(run_id) == {"seen", "sequence"}
    assert pages <= place.searches() <= pages + 20  # asked again: what was under way when the first was killed
    with psycopg.connect(place.database) as connection:
        pages_seen = connection.execute("SELECT count(*), sum(seen) FROM receipts").fetchone()
    assert pages_seen == (pages, status["seen"])


def test_a_poisoned_request_is_parked_and_runs_nothing(place: Place, tmp_path: Path) -> None:
    run_id, proof = uuid4().hex, tmp_path / "proof"
    pickle = b"cos\nsystem\n(S'touch " + str(proof).encode() + b"'\ntR."
    command = b'5|1|{"url":"http://127.0.0.1:1/","callback":"__init__"}'
    with redis.Redis.from_url(place.redis_url) as client:
        for number, poison in enumerate((pickle, command, b"5|2|{")):
            client.hset(f"{{leads:{run_id}}}:apollo:data", f"poison{number:010d}", poison)
            client.zadd(f"{{leads:{run_id}}}:apollo:ready", {f"{number:016d}poison{number:010d}": -5})
    with place.worker(run_id, "-a", "sample=5") as worker:  # what is poisoned comes first
        outcome(worker)
    assert not proof.exists()
    with psycopg.connect(place.database) as connection:
        parked = connection.execute("SELECT stage, reason FROM parked_records ORDER BY reason").fetchall()
    assert [stage for stage, _ in parked] == ["source"] * 3
    assert all(reason.startswith("unreadable: ") for _, reason in parked)
    assert place.scrapy.status(str(place.campaign))["balanced"]


def test_a_worker_that_is_stopped_gives_back_what_it_had_without_a_try(place: Place) -> None:
    run_id = uuid4().hex
    with place.worker(run_id, "-a", "sample=7") as sample:
        outcome(sample)
    assert place.left_in_redis(run_id) == {"ready", "data", "seen", "sequence"}
    assert place.contacts() == (7, 0)
    with place.worker(run_id, "-s", "DOWNLOAD_DELAY=0.2", "-s", "CONCURRENT_REQUESTS=4") as stopped:
        before = place.searches()
        wait_until(lambda: place.searches() > before)
        stopped.send_signal(signal.SIGINT)
        stopped.communicate(timeout=120)
    assert place.left_in_redis(run_id) == {"ready", "data", "seen", "sequence"}
    with place.worker(run_id) as last:
        outcome(last)
    status = place.scrapy.status(str(place.campaign))
    assert status["balanced"]
    assert place.contacts() == (status["stored"], 0)
    assert place.left_in_redis(run_id) == {"seen", "sequence"}


def test_a_request_without_an_answer_is_parked_after_three_attempts(place: Place) -> None:
    run_id = uuid4().hex
    place.scrapy(
        *("crawl", "apollo", "-a", f"campaign={place.campaign}", "-a", f"run_id={run_id}"),
        code=1,
        LEADS_APOLLO_URL="http://127.0.0.1:9",
    )
    with psycopg.connect(place.database) as connection:
        parked = connection.execute("SELECT stage, reason, id, payload FROM parked_records").fetchall()
    ((stage, reason, id_, sealed),) = parked
    assert (stage, reason) == ("source", "no answer: DownloadConnectionRefusedError")
    assert read_payload(VAULT, id_, sealed)["url"].startswith("http://127.0.0.1:9/")
    assert place.left_in_redis(run_id) == {"seen", "sequence", "dead"}
