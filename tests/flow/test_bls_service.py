"""The bls spider against the service: what is not published, what was read before, bulk files and time series."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg

HEADER = (
    "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,qtrly_estabs,month3_emplvl,"
    "total_qtrly_wages,avg_wkly_wage\n"
)


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """A service of a few pages, and the paths it was asked for."""
    asked: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or "")))
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query).fetchall()


def crawl(scrapy: Any, *arguments: str, **more: str) -> str:
    words = [word for argument in arguments for word in ("-a", argument)]
    done = scrapy("crawl", "bls", "-a", "campaign=dpc_employers", *words, "-s", "DOWNLOAD_DELAY=0", **more)
    text: str = done.stderr
    return text


def test_latest_goes_back_over_what_is_missing_or_empty_and_asks_nothing_twice(scrapy: Any, database: str) -> None:
    this_year = datetime.now(UTC).year

    def path(back: int) -> str:
        return f"/cew/data/api/{this_year - back}/a/industry/31_33.csv"

    row = f"39000,5,31-33,54,0,{this_year - 2},A,,2210,155900,2600000000,1290\n"
    with served({path(1): HEADER, path(2): HEADER + row}) as (url, asked):
        words = ("by=industry", "codes=31-33", "quarter=A", "year=latest")
        crawl(scrapy, *words, LEADS_BLS_URL=url)
        assert asked == [path(0), path(1), path(2)]
        assert rows(database, "SELECT year, qtr, establishments FROM market_cells") == [(this_year - 2, "A", 2210)]
        crawl(scrapy, *words, LEADS_BLS_URL=url)
        assert asked[3:] == [path(0), path(1)]
        crawl(scrapy, *words, "again=true", LEADS_BLS_URL=url)
        assert asked[5:] == [path(0), path(1), path(2)]
    status = scrapy.status("dpc_employers")
    assert (status["seen"], status["stored"], status["merged"], status["balanced"]) == (2, 1, 1, True)


def test_a_bulk_file_gives_the_cells_of_its_slices_and_a_sample_is_not_taken_for_the_whole(
    sandboxed: Any, database: str, home: Path
) -> None:
    cells = "SELECT area_fips, industry_code, size_code, establishments, employment FROM market_cells ORDER BY 1, 2, 3"
    crawl(sandboxed, "codes=8,9", "year=2024", "bulk=true")
    from_bulk = rows(database, cells)
    assert list((home / "downloads").iterdir()) == []
    status = sandboxed.status("dpc_employers")
    assert (status["stored"], status["balanced"]) == (len(from_bulk), True)
    assert status["refused"]["not-asked"] > len(from_bulk)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("TRUNCATE market_cells")
    crawl(sandboxed, "codes=8,9", "year=2024", "sample=2")
    assert rows(database, "SELECT count(*) FROM market_cells") == [(2,)]
    crawl(sandboxed, "codes=8,9", "year=2024")
    assert rows(database, cells) == from_bulk
    assert len(from_bulk) > 500


def test_time_series_become_cells(sandboxed: Any, database: str) -> None:
    ids = ",".join(f"ENU39000{kind}0510" for kind in "1234")
    crawl(sandboxed, f"series={ids}", "year=2024")
    found = rows(
        database,
        "SELECT qtr, agglvl_code, establishments > 0, employment > 0, total_wages > 0 FROM market_cells ORDER BY 1",
    )
    assert found == [(quarter, "51", True, True, True) for quarter in "1234"]


def test_a_used_up_quota_ends_the_source_and_keeps_the_key(sandboxed: Any, database: str) -> None:
    # Ten queries a day with this key, twelve cells a query.
    ids = ",".join(f"ENU39000{kind}05{industry}" for industry in range(100, 100 + 12 * 11) for kind in "1234")
    words = ("-a", f"series={ids}", "-a", "year=2024", "-s", "DOWNLOAD_DELAY=0")
    key = {"BLS_API_KEY": "small-secret-of-mine"}
    done = sandboxed("crawl", "bls", "-a", "campaign=dpc_employers", *words, code=1, **key)
    assert "tomorrow" in done.stderr
    assert "small-secret-of-mine" not in done.stderr
    again = sandboxed("crawl", "bls", "-a", "campaign=dpc_employers", *words, code=1, **key)
    assert "downloader/request_count" not in again.stderr
