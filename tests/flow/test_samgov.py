"""The samgov spider over local extracts and over the sandbox, into a real database."""

from pathlib import Path
from typing import Any

import psycopg

FIELDS = 142


def _record(uei: str, name: str, source: str) -> str:
    fields = [""] * FIELDS
    places = {
        0: uei,
        3: "9ZZ99",
        5: "A",
        6: "Z2",
        11: name,
        15: "12 MILL ST",
        17: "DAYTON",
        18: "OH",
        19: "45402",
        21: "USA",
    }
    places |= {26: "http://www.ohiogear.example.com", 32: "332710", 121: source, 141: "!end"}
    for place, value in places.items():
        fields[place] = value
    return "|".join(fields)


def _extract(folder: Path, *records: str, announced: int | None = None) -> Path:
    path = folder / "SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.dat"
    edge = f"PUBLIC V2 00000000 20261101 {announced or len(records):07d} 0008390"
    path.write_text("\n".join([f"BOF {edge}", *records, f"EOF {edge}"]) + "\n")
    return path


def _crawl(scrapy: Any, path: Path) -> dict[str, Any]:
    scrapy("crawl", "samgov", "-a", "campaign=dpc_employers", "-a", f"files={path}")
    status: dict[str, Any] = scrapy.status("dpc_employers")
    return status


def test_a_record_that_may_not_be_used_for_marketing_is_refused_with_that_reason(
    scrapy: Any, database: str, tmp_path: Path
) -> None:
    free, bound = _record("ABCDEFGH1J23", "OHIO GEAR WORKS LLC", "E&Y"), _record("ABCDEFGH1J24", "BOUND LLC", "D&B")
    status = _crawl(scrapy, _extract(tmp_path, free, bound))
    assert (status["seen"], status["stored"], status["refused"]) == (2, 1, {"marketing-use-not-allowed": 1})
    assert status["balanced"]
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT uei, domain, state, naics_code, employees FROM companies").fetchall()
    assert rows == [("ABCDEFGH1J23", "ohiogear.example.com", "OH", "332710", None)]


def test_a_short_file_is_an_error_after_what_was_good_is_kept(scrapy: Any, tmp_path: Path) -> None:
    path = _extract(tmp_path, _record("ABCDEFGH1J23", "OHIO GEAR WORKS LLC", "E&Y"), announced=895932)
    status = _crawl(scrapy, path)
    assert (status["stored"], status["errors"]) == (1, 1)


def test_a_line_that_is_no_record_is_parked_and_the_rest_is_kept(scrapy: Any, tmp_path: Path) -> None:
    path = _extract(tmp_path, _record("ABCDEFGH1J23", "OHIO GEAR WORKS LLC", "E&Y"), "a|broken|line")
    status = _crawl(scrapy, path)
    assert (status["stored"], status["parked"]) == (1, {"unread": 1})


def test_an_old_layout_is_refused_by_name(scrapy: Any, tmp_path: Path) -> None:
    path = tmp_path / "old.dat"
    path.write_text("BOF PUBLIC 00000000 20140504 0000223 0000001\n")
    done = scrapy("crawl", "samgov", "-a", "campaign=dpc_employers", "-a", f"files={path}")
    assert "V1" in done.stderr
    assert scrapy.status("dpc_employers")["errors"] == 1


def test_pages_of_a_state_are_read_to_the_last(sandboxed: Any, database: str) -> None:
    sandboxed("crawl", "samgov", "-a", "campaign=dpc_employers", "-a", "states=CA,TX", "-s", "DOWNLOAD_DELAY=0")
    status = sandboxed.status("dpc_employers")
    assert status["balanced"]
    assert status["seen"] == status["stored"] + status["merged"] + sum(status["refused"].values()) > 10
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT DISTINCT state FROM companies ORDER BY 1").fetchall() == [("CA",), ("TX",)]


def test_without_a_key_the_crawl_does_not_start(scrapy: Any) -> None:
    done = scrapy("crawl", "samgov", "-a", "campaign=dpc_employers", code=2)
    assert done.stderr.splitlines() == [
        "samgov needs SAM_GOV_API_KEY: set it, or store it with `scrapy keys add sam_gov`"
    ]


def test_a_refused_key_ends_the_crawl_with_exit_code_1(sandboxed: Any) -> None:
    sandboxed(
        *("crawl", "samgov", "-a", "campaign=dpc_employers", "-a", "states=OH", "-s", "DOWNLOAD_DELAY=0"),
        code=1,
        SAM_GOV_API_KEY="invalid",
    )
