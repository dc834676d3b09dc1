"""The apollo spider over the sandbox, into a real database: what it finds, what it buys, and how it is refused."""

import csv
import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg

MARKETERS, EMPLOYERS = "performance_marketers", "dpc_employers"
ROOT = Path(__file__).parents[2]
FAST = ("-s", "DOWNLOAD_DELAY=0")
SMALL_PLAN = 50  # credits of a key with "small" in it


def _crawl(scrapy: Any, campaign: str, *words: str, code: int = 0, **more: str) -> dict[str, Any]:
    scrapy("crawl", "apollo", "-a", f"campaign={campaign}", *FAST, *words, code=code, **more)
    status: dict[str, Any] = scrapy.status(campaign)
    return status


def _rows(database: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query, values or None).fetchall()


def test_a_wrong_key_ends_the_crawl(sandboxed: Any, database: str) -> None:
    status = _crawl(sandboxed, MARKETERS, code=1, APOLLO_API_KEY="invalid")
    assert (status["seen"], status["errors"], status["balanced"]) == (0, 1, True)
    assert _rows(database, "SELECT source, status FROM scraping_logs") == [("apollo", "stopped")]


def test_a_key_without_rights_ends_the_crawl_with_advice(sandboxed: Any) -> None:
    done = sandboxed(
        *("crawl", "apollo", "-a", f"campaign={MARKETERS}", *FAST), code=1, APOLLO_API_KEY="nomaster-of-nobody"
    )
    (told,) = [line for line in done.stderr.splitlines() if " ERROR: " in line]
    assert "needs a master key" in told
    assert "nomaster" not in done.stderr


def test_without_credits_the_search_goes_on_and_nothing_more_is_bought(sandboxed: Any, database: str) -> None:
    status = _crawl(sandboxed, MARKETERS, APOLLO_API_KEY="small")
    bought = status["credits"]["apollo"]
    assert SMALL_PLAN - 10 < bought <= SMALL_PLAN  # a call for ten that the rest does not pay is refused whole
    assert status["seen"] > 4 * SMALL_PLAN
    assert status["leads"]["identified"] > 3 * SMALL_PLAN
    assert (status["balanced"], status["pending"]) == (True, 0)
    assert {state for (state,) in _rows(database, "SELECT DISTINCT state FROM spend")} == {"settled", "void"}


def test_decision_makers_are_found_at_the_employers_we_know(
    sandboxed: Any, database: str, sandbox_url: str, tmp_path: Path
) -> None:
    campaign = tmp_path / "known_employers.toml"
    campaign.write_text(_known_employers())
    employers = tmp_path / "employers.csv"
    _write_employers(employers, sandbox_url)
    sandboxed(
        *("load", str(employers), "--map", str(ROOT / "fixtures/maps/employers.toml"), "--source", "list"),
        *("-a", f"campaign={campaign}"),
    )
    domains = [row["Domain"] for row in csv.DictReader(employers.read_text().splitlines())]
    assert _sized(database, domains) == 0
    first = _crawl(sandboxed, str(campaign))
    people, sized = _people_at(database, domains), _sized(database, domains)
    again = _crawl(sandboxed, str(campaign))

    assert people == _people_at(database, domains) > 0  # the profile's own search finds nobody: it looks in Guam
    assert 0 < sized <= len(domains)
    pages = _rows(database, "SELECT count(*)::int, sum(credits)::int FROM spend WHERE lead IS NULL")
    assert pages == [(1, 1)]
    assert (first["balanced"], again["balanced"]) == (True, True)
    assert again["credits"] == first["credits"]


def _sized(database: str, domains: list[str]) -> int:
    query = "SELECT count(*) FROM companies WHERE domain = ANY(%s) AND coalesce(employees, employee_min) IS NOT NULL"
    return int(_rows(database, query, domains)[0][0])


def _people_at(database: str, domains: list[str]) -> int:
    query = "SELECT count(*) FROM contacts k JOIN companies c ON c.id = k.company_id WHERE c.domain = ANY(%s)"
    return int(_rows(database, query, domains)[0][0])


def _known_employers() -> str:
    """The campaign of employers, with the purchase of sizes switched on, and with budget for a few matches."""
    text = (ROOT / "leadspiders/campaigns/dpc_employers.toml").read_text(encoding="utf-8")
    text = text.replace("[sources.apollo]", '[sources.apollo]\ncompanies = ["known"]', 1)
    text = text.replace('locations = ["United States"]', 'locations = ["Guam, US"]', 1)
    return text.replace("apollo = 40_000", "apollo = 21", 1)


def _write_employers(path: Path, sandbox_url: str) -> None:
    url, key = f"{sandbox_url}/apollo/api/v1/mixed_companies/search", {"x-api-key": "somebody-else"}
    asked = {"per_page": 60, "organization_num_employees_ranges": ["50,1200"]}
    last = _post(url, asked, key)["pagination"]["total_pages"]  # where those are that have decision makers
    answer = _post(url, asked | {"page": last - 1}, key)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Employer", "Domain", "City", "State", "Headcount"])
        rows.writerows([found["name"], found["primary_domain"]] for found in answer["organizations"])


def _post(url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
    call = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"} | headers)
    with urlopen(call, timeout=10) as answer:
        return json.load(answer)
