"""The bls spider over local files and over the sandbox, into a real database."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg

from leadspiders.stores.postgres.parked import read_payload
from tests.conftest import VAULT

COLUMNS = (
    "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,qtrly_estabs,month1_emplvl,"
    "month2_emplvl,month3_emplvl,total_qtrly_wages,taxable_qtrly_wages,qtrly_contributions,avg_wkly_wage"
)
ROWS = (
    ("39049", "0", "10", "70", "0", "2023", "1", "", 39274, 770000, 771000, 772233, 54167421605, 0, 0, 1349),
    ("39049", "5", "31-33", "74", "0", "2023", "1", "N", 12, 0, 0, 0, 0, 0, 0, 0),
    ("39049", "5", "1133", "76", "0", "2023", "1", "-", 0, 0, 0, 0, 0, 0, 0, 0),
)
"""Made-up figures in the layout of BLS: a row that is published, one that is withheld, one without data."""


def _slice(folder: Path) -> Path:
    path = folder / "slice.csv"
    lines = [COLUMNS, *(",".join(str(value) for value in row) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n")
    return path


def _cells(database: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(
            "SELECT industry_code, establishments, employment, total_wages, avg_weekly_wage FROM market_cells"
            " ORDER BY industry_code"
        ).fetchall()


def test_withheld_measures_are_null_and_never_zero(scrapy: Any, database: str, tmp_path: Path) -> None:
    scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={_slice(tmp_path)}")
    assert _cells(database) == [
        ("10", 39274, 772233, 54167421605, 1349),
        ("1133", None, None, None, None),
        ("31-33", 12, None, None, None),
    ]


def test_a_second_load_updates_and_adds_no_twins(scrapy: Any, database: str, tmp_path: Path) -> None:
    for _ in range(2):
        scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={_slice(tmp_path)}")
    status = scrapy.status("dpc_employers")
    assert (status["seen"], status["stored"], status["merged"], status["cells"]) == (6, 3, 3, 3)
    assert status["balanced"]


def test_a_row_that_cannot_be_read_is_parked_with_its_text(scrapy: Any, database: str, tmp_path: Path) -> None:
    path = _slice(tmp_path)
    path.write_text(path.read_text() + "39049,5,broken\n")
    scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={path}")
    status = scrapy.status("dpc_employers")
    assert (status["stored"], sum(status["parked"].values()), status["balanced"]) == (3, 1, True)
    with psycopg.connect(database) as connection:
        parked = connection.execute("SELECT id, payload FROM parked_records").fetchone()
    assert parked
    assert "broken" in str(read_payload(VAULT, *parked))


def test_sample_stops_after_so_many_records(scrapy: Any, database: str, tmp_path: Path) -> None:
    scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={_slice(tmp_path)}", "-a", "sample=2")
    assert len(_cells(database)) == 2


def test_size_slices_come_from_the_service(sandboxed: Any, database: str) -> None:
    sandboxed("crawl", "bls", "-a", "campaign=dpc_employers", "-a", "codes=6,7", "-s", "DOWNLOAD_DELAY=0")
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT DISTINCT size_code FROM market_cells ORDER BY 1").fetchall()
    assert found == [("6",), ("7",)]


def test_feeds_work_as_in_any_scrapy_project(scrapy: Any, tmp_path: Path) -> None:
    feed = tmp_path / "cells.csv"
    scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={_slice(tmp_path)}", "-O", str(feed))
    header, *rows = feed.read_text().splitlines()
    assert "establishments" in header.split(",")
    assert len(rows) == 3


def test_a_bulk_zip_is_read_member_by_member(scrapy: Any, database: str, tmp_path: Path) -> None:
    archive = tmp_path / "2023_qtrly_by_area.zip"
    with ZipFile(archive, "w") as into:
        into.write(_slice(tmp_path), "2023.q1-q4 39049.csv")
        into.writestr("readme.txt", "not data")
    scrapy("crawl", "bls", "-a", "campaign=dpc_employers", "-a", f"files={archive}")
    assert len(_cells(database)) == 3
