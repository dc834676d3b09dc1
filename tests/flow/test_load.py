"""`scrapy load` over made-up files, into a real database."""

import csv
import json
from pathlib import Path
from typing import Any

import psycopg
from openpyxl import Workbook
from psycopg.rows import dict_row

from tests.conftest import in_clear

CAMPAIGN = "performance_marketers"
MAPS = Path(__file__).parents[2] / "fixtures" / "maps"
HEADER = ["Given name", "Family name", "E-Mail", "Job", "Where", "Firm", "Web", "Badge", "Diet"]
MAIL = "dana@ohiogear.example.com"
PEOPLE = [
    ["Dana", "Field", MAIL, "PPC Manager", "Dayton, Ohio", "Ohio Gear", "ohiogear.example.com", "1", "no nuts"],
    ["Dana", "Field", MAIL, "PPC Manager", "", "Ohio Gear", "", "1", ""],
    ["Bo", "Ray", "", "Media Buyer", "Austin, Texas", "Acme", "", "", "vegan"],
    ["", "", "", "Media Buyer", "Austin, Texas", "", "", "", ""],
]  # fmt: skip


def _csv(folder: Path) -> Path:
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="cp1252") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *PEOPLE])
    return path


def _xlsx(folder: Path) -> Path:
    path, book = folder / "people.xlsx", Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("People")
    for row in [HEADER, *PEOPLE]:
        sheet.append(row)
    book.save(path)
    return path


def _load(scrapy: Any, path: Path, *words: str, code: int = 0, **more: Any) -> Any:
    told = {"map": str(MAPS / "conference.toml"), "source": "expo"} | more
    options = (f"--{name}={value}" for name, value in told.items())
    return scrapy("load", str(path), *options, "-a", f"campaign={CAMPAIGN}", *words, code=code)


def test_a_file_becomes_leads_and_a_second_load_adds_no_twins(scrapy: Any, database: str, tmp_path: Path) -> None:
    first = json.loads(_load(scrapy, _csv(tmp_path), "--json").stdout)
    assert (first["source"], first["rows"], first["stored"], first["merged"]) == ("file:expo", 4, 2, 1)
    assert (first["parked"], first["pending"], first["balanced"]) == ({"unread": 1}, 0, True)

    again = json.loads(_load(scrapy, _xlsx(tmp_path), "--json", sheet="People").stdout)
    assert (again["rows"], again["stored"], again["merged"]) == (4, 0, 3)

    status = scrapy.status(CAMPAIGN)
    assert (status["balanced"], status["spend_usd"], status["errors"]) == (True, 0, 0)
    with psycopg.connect(database) as connection:
        people = connection.cursor(row_factory=dict_row).execute("SELECT * FROM contacts ORDER BY full_name").fetchall()
        sources = connection.execute("SELECT DISTINCT source FROM receipts").fetchall()
    named = ("full_name", "email", "city", "state", "source", "provider_id")
    bo, dana = (tuple(row[name] for name in named) for row in in_clear("contacts", people))
    assert dana == ("Dana Field", MAIL, "Dayton", "OH", "file:expo", "conference:1")
    assert people[1]["extras"]["Diet"] == "no nuts"
    assert bo[:5] == ("Bo Ray", None, "Austin", "TX", "file:expo")
    assert bo[5].startswith("expo:")
    assert sources == [("file:expo",)]


def test_a_dry_run_shows_what_would_be_and_writes_nothing(scrapy: Any, database: str, tmp_path: Path) -> None:
    shown = json.loads(_load(scrapy, _csv(tmp_path), "--dry-run", "--json").stdout)
    assert (shown["rows"], len(shown["sample"]), shown["unmapped_columns"]) == (4, 3, ["Diet"])
    assert shown["sample"][0]["e-mail"] == "d***@ohiogear.example.com"
    assert "phone" in shown["unfilled_fields"]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT (SELECT count(*) FROM receipts), (SELECT count(*) FROM runs)").fetchone() == (
            0,
            0,
        )


def test_what_is_wrong_costs_a_line_a_problem_and_exit_code_2(scrapy: Any, tmp_path: Path) -> None:
    done = _load(scrapy, _csv(tmp_path), map=str(MAPS / "wrong_fields.toml"), code=2)
    assert [line.rpartition("; ")[2] for line in done.stderr.splitlines()] == [
        'did you mean "ignored"?',
        'did you mean "full_name"?',
        'did you mean "company.name"?',
        'did you mean "company.country"?',
    ]


def test_a_map_of_another_export_is_refused(scrapy: Any, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    done = _load(scrapy, tmp_path / "other.csv", map="zoominfo", code=2)
    assert done.stderr.splitlines() == ["no column of the map zoominfo is in other.csv: it has a, b"]
