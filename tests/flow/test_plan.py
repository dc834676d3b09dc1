"""A plan, then the run it is about, both against the sandbox, whose own counts are the judge."""

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest

from leadspiders.apis.hubspot.upsert import MOST_AT_ONCE
from leadspiders.ops.plan_delivery import CALLS_A_TRIP, trips
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import services

EVERYBODY = 10_000
LIMIT = "apollo.bulk=3/2"


@dataclass(frozen=True)
class Planned:
    """A plan, what it was charged for, the sprint after it, and what that was charged for."""

    plan: dict[str, Any]
    asked: dict[str, float]
    sprint: dict[str, Any]
    told: str
    charged: dict[str, float]
    database: str
    again: str
    """The run in which all leads were delivered once more."""


@pytest.fixture(scope="module")
def planned(urls: services.Urls, new_database: Any, make_scrapy: Any, sandbox_url: str, home: Path) -> Planned:
    text = files("leadspiders.campaigns").joinpath("performance_marketers.toml").read_text("utf-8")
    text = text.replace("delay_seconds = 2.0", "delay_seconds = 0.0")
    text = text.replace('locations = ["United States"]', 'locations = ["California, US", "Texas, US", "Florida, US"]')
    market = text.index("[sources.bls]")
    campaign = home / "everybody.toml"
    campaign.write_text(text[:market] + text[market:].replace("enabled = true", "enabled = false", 1), "utf-8")
    database = new_database()
    scrapy = make_scrapy(
        LEADS_HOME=str(home), DATABASE_URL=database, REDIS_URL=urls.redis_url, LEADS_LIMITS=LIMIT,
        **environment(sandbox_url),
    )  # fmt: skip
    words = (str(campaign), "--goal", str(EVERYBODY), "--json")

    def charged() -> dict[str, float]:
        with urlopen(f"{sandbox_url}/_sandbox/tally", timeout=10) as answer:
            found: dict[str, float] = json.load(answer)["credits"]
        return found

    before = charged()
    plan = json.loads(scrapy("plan", *words, code=1).stdout)
    between = charged()
    sprint = scrapy("sprint", *words, code=1)
    after = charged()
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE outbox SET state = 'pending'")
    again = "all-at-once"
    scrapy("crawl", "delivery", "-a", f"campaign={campaign}", "-a", f"run_id={again}")
    return Planned(
        plan=plan,
        asked={name: number - before.get(name, 0) for name, number in between.items()},
        sprint=json.loads(sprint.stdout),
        told=sprint.stderr,
        charged={name: number - between.get(name, 0) for name, number in after.items()},
        database=database,
        again=again,
    )


def test_a_plan_buys_nothing(planned: Planned) -> None:
    assert not any(planned.asked.values())


def test_everybody_is_matched_once_and_the_plan_knew_for_how_much(planned: Planned) -> None:
    forecast = planned.plan["credits"]["apollo"]
    assert forecast["low"] == forecast["likely"] == forecast["high"] == planned.charged["apollo"] > 0


def test_what_follows_a_match_is_known_but_for_second_records(planned: Planned) -> None:
    """Whether the address of a second record is looked for depends on whether the first is stored by then."""
    for provider in ("neverbounce", "hunter", "dropcontact"):
        expected = planned.plan["credits"].get(provider, {"likely": 0})["likely"]
        assert planned.charged.get(provider, 0) == pytest.approx(expected, rel=0.1, abs=6)


def test_it_says_that_there_are_too_few_people_and_how_many_leads_they_make(planned: Planned) -> None:
    assert planned.plan["fits"] is False
    assert planned.plan["binding"]["kind"] == "volume"
    ready = planned.sprint["status"]["leads"]["ready"]
    assert planned.plan["leads"]["likely"] == pytest.approx(ready, abs=2)
    assert f"{planned.plan['leads']['likely']:,.0f} leads" in planned.plan["says"]


def test_the_limit_that_was_set_paces_it(planned: Planned) -> None:
    match = next(step for step in planned.plan["steps"] if step["group"] == "bulk")
    assert match["limit"] == "3 calls in 2 s"
    assert match["seconds"] >= (match["calls"] - 1) // 3 * 2


def test_a_sprint_says_its_plan_first_and_ends_with_both(planned: Planned) -> None:
    assert planned.told.splitlines()[0].startswith("plan: ")
    compared = {one["what"]: one for one in planned.sprint["compared"]}
    assert compared["apollo credits"]["forecast"]["likely"] == compared["apollo credits"]["actual"]
    assert {"time", "apollo calls", "dollars"} <= compared.keys()
    assert compared["apollo calls"]["actual"] > 0


def test_the_forecast_is_kept_with_its_run_beside_what_it_came_to(planned: Planned) -> None:
    with psycopg.connect(planned.database) as connection:
        row = connection.execute("SELECT settings -> 'forecast', settings -> 'actual' FROM runs").fetchone()
    assert row
    forecast, actual = row
    assert forecast["goal"] == EVERYBODY
    assert actual["credits"]["apollo"] == planned.charged["apollo"]
    assert actual["start_seconds"] > 0


def test_what_a_plan_asks_keeps_the_pace_and_stands_in_the_trail(planned: Planned) -> None:
    with psycopg.connect(planned.database) as connection:
        rows = connection.execute(
            "SELECT api, purpose, status, credential FROM audit WHERE spider = 'plan' AND run_id LIKE 'plan-%'"
        ).fetchall()
        crawled = connection.execute("SELECT DISTINCT credential FROM audit WHERE spider = 'apollo' AND api = 'apollo'")
        credentials = {credential for (credential,) in crawled.fetchall()}
    assert {(api, purpose) for api, purpose, _, _ in rows} >= {
        ("apollo", "search people"), ("apollo", "limits left"), ("hubspot", "list properties"),
    }  # fmt: skip
    assert {status for _, _, status, _ in rows} == {200}
    assert {credential for api, _, _, credential in rows if api == "apollo"} == credentials
    assert not [purpose for _, purpose, _, _ in rows if purpose in {"match people", "make properties"}]


def test_the_calls_of_a_delivery_are_foreseen(planned: Planned) -> None:
    """Leads that wait make full batches. How many there are of those that come in while a crawl runs hangs on how long
    it takes, which a test cannot say."""
    with psycopg.connect(planned.database) as connection:
        made = connection.execute("SELECT count(*) FROM audit WHERE run_id = %s AND api = 'hubspot'", [planned.again])
        calls = made.fetchone()
        due = connection.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()
    assert calls
    assert due
    there = 2  # the first run has made the properties
    foreseen = CALLS_A_TRIP * trips(due[0], 0.0, batch=MOST_AT_ONCE, couriers=1) + there
    assert calls[0] == pytest.approx(foreseen, rel=0.05)
    assert planned.plan["calls"]["hubspot"] >= foreseen
