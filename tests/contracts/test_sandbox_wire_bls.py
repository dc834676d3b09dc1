"""BLS on the wire: slices, bulk files, titles, and the time series API, fact by fact as the sheet says."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build

NOW = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
Json = dict[str, Any]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(build(Options(people=40, companies=80), clock=lambda: NOW)) as url:
        yield url


def get(base: str, path: str, agent: str | None = "leads test") -> requests.Response:
    return requests.get(f"{base}/bls/cew{path}", headers={"User-Agent": agent}, timeout=10)


def rows(answer: requests.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize(
    ("path", "columns", "quarter"),
    [
        ("2025/1/area/US000", 42, "1"),
        ("2025/a/area/39000", 38, "A"),
        ("2025/3/area/C1242", 42, "3"),
        ("2025/a/industry/10", 38, "A"),
        ("2025/1/size/5", 42, "1"),
    ],
)
def test_slices(base: str, path: str, columns: int, quarter: str) -> None:
    answer = get(base, f"/data/api/{path}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    found = rows(answer)
    assert {len(row) for row in found} == {columns}
    assert {row["qtr"] for row in found} == {quarter}
    assert answer.text.split("\n")[1].startswith('"')


def test_the_underscore_of_the_url_is_a_hyphen_in_the_rows(base: str) -> None:
    assert {row["industry_code"] for row in rows(get(base, "/data/api/2025/1/industry/31_33.csv"))} == {"31-33"}
    assert get(base, "/data/api/2025/1/industry/31-33.csv").status_code == 404


def test_size_rows_are_private_and_of_the_nation_or_a_state(base: str) -> None:
    found = rows(get(base, "/data/api/2025/1/size/9.csv"))
    assert {(row["own_code"], row["size_code"]) for row in found} == {("5", "9")}
    assert all(row["area_fips"].endswith("000") for row in found)


def test_area_rows_have_no_size(base: str) -> None:
    found = rows(get(base, "/data/api/2025/1/area/39000.csv"))
    assert {row["size_code"] for row in found} == {"0"}
    assert {row["own_code"] for row in found} == {"0", "1", "2", "3", "5"}


@pytest.mark.parametrize(
    "path",
    [
        "2025/2/size/5",
        "2025/a/size/5",
        "2013/1/area/US000",
        "2026/2/area/US000",
        "2026/a/area/US000",
        "2025/1/area/00000",
    ],
)
def test_what_is_not_published_is_404_in_html(base: str, path: str) -> None:
    answer = get(base, f"/data/api/{path}.csv")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_the_latest_quarter_is_out(base: str) -> None:
    assert get(base, "/data/api/2026/1/size/5.csv").status_code == 200


def test_who_does_not_say_who_it_is_is_refused(base: str) -> None:
    assert get(base, "/data/api/2025/1/area/US000.csv", agent="").status_code == 403


@pytest.mark.parametrize(
    ("kind", "columns", "count"),
    [("q1_by_size", 47, "qtrly_estabs_count"), ("annual_by_area", 43, "annual_avg_estabs")],
)
def test_bulk_files_have_titles_and_other_names(base: str, kind: str, columns: int, count: str) -> None:
    answer = get(base, f"/data/files/2024/csv/2024_{kind}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        members = folder.namelist()
        found = list(csv.DictReader(io.StringIO(folder.read(members[0]).decode())))
    assert len(found[0]) == columns
    assert count in found[0]
    assert found[0]["area_title"]
    assert get(base, f"/data/files/2024/csv/2023_{kind}.zip").status_code == 404


def test_titles(base: str) -> None:
    answer = get(base, "/doc/titles/size/size_titles.csv")
    assert answer.text.startswith('"size_code","size_title"\r\n')
    industries = {
        row["industry_code"]: row["industry_title"]
        for row in rows(get(base, "/doc/titles/industry/industry_titles.csv"))
    }
    assert (industries["10"], industries["332710"]) == ("Total, all industries", "NAICS 332710 Machine Shops")
    assert get(base, "/doc/titles/size/other.csv").status_code == 404


def series(base: str, *names: str, **more: Any) -> Json:
    body = {"seriesid": list(names), "startyear": "2024", "endyear": "2025"} | more
    answer = requests.post(f"{base}/bls-api/publicAPI/v2/timeseries/data/", json=body, timeout=5)
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


def test_points_come_newest_first_and_agree_with_the_slices(base: str) -> None:
    found = series(base, "ENU3900020510", registrationkey="mine")
    points = found["Results"]["series"][0]["data"]
    assert found["status"] == "REQUEST_SUCCEEDED"
    assert [(point["year"], point["period"]) for point in points[:2]] == [("2025", "Q04"), ("2025", "Q03")]
    assert points[0]["latest"] == "true"
    slice_ = rows(get(base, "/data/api/2025/4/area/39000.csv"))
    total = next(row for row in slice_ if (row["own_code"], row["industry_code"]) == ("5", "10"))
    assert points[0]["value"] == total["qtrly_estabs"]


def test_jobs_come_by_month(base: str) -> None:
    points = series(base, "ENU3900010510", registrationkey="mine")["Results"]["series"][0]["data"]
    assert [point["period"] for point in points[:3]] == ["M12", "M11", "M10"]


def test_an_unknown_series_and_an_empty_year_are_told(base: str) -> None:
    found = series(base, "ENU9999910510", "ENU3900020510", startyear="2012", registrationkey="mine")
    assert "Series does not exist for Series ENU9999910510" in found["message"]
    assert "No Data Available for Series ENU3900020510 Year: 2012" in found["message"]


def test_one_series_by_get(base: str) -> None:
    answer = requests.get(f"{base}/bls-api/publicAPI/v2/timeseries/data/ENU3900020510?registrationkey=mine", timeout=5)
    assert answer.json()["status"] == "REQUEST_SUCCEEDED"


def test_a_wrong_key_is_echoed(base: str) -> None:
    found = series(base, "ENU3900020510", registrationkey="invalid-1")
    assert (found["status"], found["Results"]) == ("REQUEST_NOT_PROCESSED", {})
    assert found["message"] == ["The key:invalid-1 provided by the User is invalid."]


def test_limits_of_a_query(base: str) -> None:
    assert series(base, *["ENU3900020510"] * 51, registrationkey="mine")["status"] == "REQUEST_NOT_PROCESSED"
    assert series(base, "ENU3900020510", startyear="2000", registrationkey="mine")["status"] == "REQUEST_NOT_PROCESSED"


def test_the_day_is_full_inside_a_200(base: str) -> None:
    told = [series(base, "ENU3900020510", registrationkey="small") for _ in range(11)]
    assert {each["status"] for each in told[:10]} == {"REQUEST_SUCCEEDED"}
    assert told[10]["status"] == "REQUEST_NOT_PROCESSED"
    assert "daily threshold" in told[10]["message"][0]
