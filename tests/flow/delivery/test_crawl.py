"""`scrapy crawl delivery` against the sandbox: bad weather, a refused token, what was given up, and Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests

from leadspiders.sandbox.addresses import environment
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from tests.flow.delivery.conftest import CAMPAIGN, lead

CRAWL = ("crawl", "delivery", "-a", f"campaign={CAMPAIGN}", "-s", "BREAKER_REST_SECONDS=0.2")
WEATHER = {
    "rate_429": 0.05,
    "rate_5xx": 0.1,
    "timeout": 0.05,
    "cut": 0.1,
    "malformed": 0.1,
    "charge_then_fail": 0.15,
    "timeout_seconds": 0.05,
}
"""More than half of all calls fail. The dice are those of the seed, so that every run meets the same faults."""


@pytest.fixture
def portal() -> Iterator[str]:
    """A sandbox whose weather is nobody else's."""
    with serving(build(Options(seed=5, people=20, companies=10))) as url:
        yield url


@pytest.fixture
def crawl(scrapy: Any, portal: str) -> Any:
    """`scrapy` that talks to the portal."""
    return type(scrapy)(scrapy.environment | environment(portal))


def order(portal: str, **weather: float) -> None:
    requests.post(f"{portal}/_sandbox/weather", json={"hubspot": weather}, timeout=5).raise_for_status()


def tally(portal: str) -> Any:
    return requests.get(f"{portal}/_sandbox/tally", timeout=5).json()


def test_every_lead_arrives_once_through_bad_weather(portal: str, crawl: Any, due: Any, outbox: Any) -> None:
    known = {"email": "ann3@firm0.example.com", "firstname": "Annie"}
    token = {"Authorization": "Bearer sandbox"}
    made = requests.post(
        f"{portal}/hubspot/crm/v3/objects/contacts", json={"properties": known}, headers=token, timeout=5
    ).json()
    due([lead(n) for n in range(150)])
    order(portal, **WEATHER)
    crawl(*CRAWL)
    struck = tally(portal)["weather"]["hubspot"]
    assert sum(struck.values()) > 5
    order(portal)
    crm = tally(portal)["crm"]["hubspot"]
    assert (crm["contacts"], crm["companies"], crm["links"]) == (150, 15, 150)
    assert crm["twins"] == {"contacts": 0, "companies": 0}
    assert outbox() == {"sent 0": 150}
    path = f"/hubspot/crm/v3/objects/contacts/{made['id']}?properties=leadspiders_key,lastname"
    taken_over = requests.get(portal + path, headers=token, timeout=5).json()["properties"]
    assert taken_over["leadspiders_key"]
    assert taken_over["lastname"] == "Lee3"


def test_a_refused_token_is_no_success_and_what_was_given_up_is_sent_when_asked(
    crawl: Any, database: str, due: Any, outbox: Any
) -> None:
    due([lead(n) for n in range(5)])
    crawl(*CRAWL, code=1, HUBSPOT_TOKEN="invalid")
    assert outbox() == {"pending 0": 5}
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE outbox SET state = 'dead', attempts = 3")
    crawl(*CRAWL, "-a", "retry_dead=true", "-a", "destination=hubspot")
    assert outbox() == {"sent 0": 5}


def test_ctrl_c_leaves_nothing_leased(portal: str, crawl: Any, due: Any, outbox: Any) -> None:
    due([lead(n) for n in range(250)])
    order(portal, slow_seconds=0.5)
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    running = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *CRAWL],
        env=surroundings | crawl.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr
    try:
        while not tally(portal)["calls"].get("hubspot"):
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        log = running.communicate(timeout=30)[1]
    finally:
        running.kill()
    assert running.returncode == 1
    assert "Traceback" not in log
    assert outbox() in ({"pending 0": 250}, {"sent 0": 100, "pending 0": 150})
