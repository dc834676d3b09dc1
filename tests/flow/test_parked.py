"""`scrapy parked`: what could not go on is listed, and goes on once its cause is gone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

CAMPAIGN = "performance_marketers"
MAP = Path(__file__).parents[2] / "fixtures" / "maps" / "conference.toml"
PEOPLE = (
    "Given name,Family name,E-Mail,Job,Where,Firm,Web,Badge,Diet\n"
    "Dana,Field,dana@ohiogear.example.com,PPC Manager,'Dayton, Ohio',Ohio Gear,ohiogear.example.com,1,\n"
    "Bo,Ray,bo@acme.example.com,Media Buyer,'Austin, Texas',Acme,acme.example.com,2,\n"
    "Bo,Ray,bo@acme.example.com,Media Buyer,'Austin, Texas',Acme,acme.example.com,2,vegan\n"
    ",,,Media Buyer,,,,,\n"
).replace("'", '"')
REASON = "database-check-violation"


@pytest.fixture
def parked(scrapy: Any, database: str, tmp_path: Path) -> Iterator[Any]:
    """A load while the database refuses one of the people."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE contacts ADD CONSTRAINT no_bo CHECK (full_name <> 'Bo Ray')")
        try:
            scrapy("load", str(file), f"--map={MAP}", "--source=expo", "-a", f"campaign={CAMPAIGN}")
            yield connection
        finally:
            connection.execute("ALTER TABLE contacts DROP CONSTRAINT IF EXISTS no_bo")


def test_what_is_parked_is_listed_and_stored_once_its_cause_is_gone(scrapy: Any, parked: Any, tmp_path: Path) -> None:
    listed = json.loads(scrapy("parked", CAMPAIGN, "--json", "--reason", REASON).stdout)["parked"]
    assert [(one["stage"], one["reason"], one["source"], one["record_index"]) for one in listed] == [
        ("store", REASON, "file:expo", 1),
        ("store", REASON, "file:expo", 2),
    ]
    assert {one["payload"]["email"] for one in listed} == {"bo@acme.example.com"}
    scrapy("parked", CAMPAIGN, "-O", str(tmp_path / "parked.csv"))
    assert len((tmp_path / "parked.csv").read_text().splitlines()) == 4

    parked.execute("ALTER TABLE contacts DROP CONSTRAINT no_bo")
    told = json.loads(scrapy("parked", CAMPAIGN, "--requeue", "--json").stdout)
    assert (told["requeued"], told["no_record"], told["parked"]) == (2, 1, {"unread": 1})
    status = scrapy.status(CAMPAIGN)
    assert (status["seen"], status["stored"], status["merged"], status["pending"]) == (4, 2, 1, 0)
    assert status["parked"] == {"unread": 1}
    assert json.loads(scrapy("ledger", CAMPAIGN, "--json").stdout)["balanced"]


def test_what_is_asked_wrongly_costs_a_line(scrapy: Any, tmp_path: Path) -> None:
    assert scrapy("parked", code=2).stderr.startswith("name one campaign")
    listing_and_moving = ("parked", CAMPAIGN, "--requeue", "-O", str(tmp_path / "x.csv"))
    assert "give one of them" in scrapy(*listing_and_moving, code=2).stderr
    assert scrapy("parked", CAMPAIGN).stdout.startswith("Nothing is parked")
