"""A whole campaign against the sandbox, as the demo runs it, only smaller. The sandbox's own counts are the judge."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
from psycopg.rows import dict_row

from leadspiders.stores.embedded import services
from tests.conftest import in_clear

GOAL = 120
CAMPAIGN = "performance_marketers"


@dataclass(frozen=True)
class Sprinted:
    """What two sprints, one after the other, left behind."""

    scrapy: Any
    database: str
    home: Path
    first: dict[str, Any]
    again: dict[str, Any]


def _sprint(scrapy: Any) -> dict[str, Any]:
    done = scrapy("sprint", CAMPAIGN, "--sandbox", "--goal", str(GOAL), "--json")
    url = next(word for word in done.stderr.split() if word.startswith("http://127.0.0.1:"))
    with urlopen(f"{url}/_sandbox/tally", timeout=10) as answer:
        return {"report": json.loads(done.stdout), "told": done.stderr, "tally": json.load(answer)}


@pytest.fixture(scope="module")
def sprinted(urls: services.Urls, new_database: Any, make_scrapy: Any) -> Iterator[Sprinted]:
    home = Path(tempfile.mkdtemp(prefix="leadspiders-sprint-"))
    database = new_database()
    scrapy = make_scrapy(LEADS_HOME=str(home), DATABASE_URL=database, REDIS_URL=urls.redis_url)
    try:
        yield Sprinted(scrapy, database, home, _sprint(scrapy), _sprint(scrapy))
    finally:
        services.discard(home)
        shutil.rmtree(home, ignore_errors=True)


def test_the_goal_is_reached_and_judged(sprinted: Sprinted) -> None:
    report = sprinted.first["report"]
    assert report["verdict"]["reached"], report["verdict"]
    assert report["status"]["leads"]["ready"] == GOAL


def test_nothing_is_bought_beyond_the_goal(sprinted: Sprinted) -> None:
    status = sprinted.first["report"]["status"]
    bought = status["leads"]["total"] - status["leads"]["identified"]
    assert GOAL <= bought < GOAL * 1.1
    assert status["credits"]["apollo"] == sprinted.first["tally"]["credits"]["apollo"]
    assert sprinted.first["tally"]["charged_twice"]["apollo"] == 0


def test_every_record_is_accounted_for(sprinted: Sprinted) -> None:
    for sprint in (sprinted.first, sprinted.again):
        status = sprint["report"]["status"]
        assert status["balanced"]
        assert status["pending"] == 0
        ended = status["stored"] + status["merged"] + status["suppressed"]
        assert status["seen"] == ended + sum(status["refused"].values()) + sum(status["parked"].values())


def test_every_ready_lead_is_delivered_once(sprinted: Sprinted) -> None:
    crm = sprinted.first["tally"]["crm"]["hubspot"]
    assert crm["contacts"] == GOAL
    assert crm["links"] == GOAL
    assert crm["twins"] == {"contacts": 0, "companies": 0}


def test_a_second_sprint_buys_nothing_and_adds_no_twins(sprinted: Sprinted) -> None:
    before, after = sprinted.first["report"]["status"], sprinted.again["report"]["status"]
    assert after["sources"]["apollo"]["seen"] == 2 * before["sources"]["apollo"]["seen"]
    assert after["sources"]["bls"] == before["sources"]["bls"]  # what was read to the end is not asked for again
    assert after["stored"] == before["stored"]
    assert after["leads"] == before["leads"]
    assert after["spend_usd"] == before["spend_usd"]
    assert sprinted.again["tally"]["crm"]["hubspot"]["contacts"] == GOAL


def test_nobody_was_refused_for_being_too_fast(sprinted: Sprinted) -> None:
    assert set(sprinted.again["tally"]["given_429"].values()) == {0}


def test_leads_carry_what_the_view_promises(sprinted: Sprinted) -> None:
    with psycopg.connect(sprinted.database) as connection:
        columns = "full_name, linkedin_url, job_title, company_name, location_city, location_state"
        missing = connection.execute(
            f"SELECT count(*) FROM leads WHERE lead_state = 'ready' AND num_nulls({columns}) > 0"
        ).fetchone()
        synced = connection.execute("SELECT count(*) FROM leads WHERE crm_synced").fetchone()
        twins = connection.execute(
            "SELECT count(*) FROM (SELECT linkedin_url FROM leads WHERE linkedin_url IS NOT NULL"
            " GROUP BY linkedin_url HAVING count(*) > 1) AS twins"
        ).fetchone()
    assert (missing, synced, twins) == ((0,), (GOAL,), (0,))


def test_masked_names_are_never_stored_as_names(sprinted: Sprinted) -> None:
    with psycopg.connect(sprinted.database) as connection:
        masked = connection.execute("SELECT count(*) FROM contacts WHERE full_name LIKE '%*%'").fetchone()
    assert masked == (0,)


def test_points_add_up_to_each_score(sprinted: Sprinted) -> None:
    with psycopg.connect(sprinted.database) as connection:
        rows = connection.execute("SELECT quality, quality_points, fit, fit_points FROM prospects").fetchall()
    assert rows
    for quality, quality_points, fit, fit_points in rows:
        assert quality == round(sum(points for points, *_ in quality_points))
        assert fit == round(sum(points for points, *_ in fit_points))


def _leads(sprinted: Sprinted) -> list[dict[str, Any]]:
    with psycopg.connect(sprinted.database, row_factory=dict_row) as connection:
        return in_clear("contacts", connection.execute("SELECT * FROM leads").fetchall())


def test_a_page_is_left_behind_without_an_address_in_clear(sprinted: Sprinted) -> None:
    page = (sprinted.home / "reports" / f"{CAMPAIGN}-final.html").read_text()
    emails = [lead["email"] for lead in _leads(sprinted) if lead["email"]]
    assert emails
    assert not [email for email in emails if email in page]
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_no_personal_data_reaches_the_logs(sprinted: Sprinted) -> None:
    logs = "".join(path.read_text() for path in (sprinted.home / "logs").rglob("*.log"))
    assert logs
    traits = ("full_name", "email", "linkedin_url")
    assert not [lead[trait] for lead in _leads(sprinted) for trait in traits if lead[trait] and lead[trait] in logs]


def test_leads_are_listed_and_exported(sprinted: Sprinted, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    sprinted.scrapy("leads", CAMPAIGN, "--state", "ready", "-O", str(file))
    assert len(file.read_text().splitlines()) == GOAL + 1
