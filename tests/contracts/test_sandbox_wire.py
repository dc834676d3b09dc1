"""What all stand-ins share, seen from outside: counting, weather, reset, and the life of the process."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from leadspiders.sandbox.addresses import environment
from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox

SEARCH = "/apollo/api/v1/mixed_people/api_search"
MATCH = "/apollo/api/v1/people/bulk_match"
KEY = {"x-api-key": "team"}
TIMEOUT = 5


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=60, companies=20), clock=lambda: 1_795_000_000.0)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield url


@pytest.fixture
def url(base: str) -> Iterator[str]:
    yield base
    requests.post(f"{base}/_sandbox/weather", json={}, timeout=TIMEOUT)
    requests.post(f"{base}/_sandbox/reset", timeout=TIMEOUT)


def tally(url: str) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{url}/_sandbox/tally", timeout=TIMEOUT).json()
    return told


def storm(url: str, **weather: float) -> None:
    answer = requests.post(f"{url}/_sandbox/weather", json={"apollo": weather}, timeout=TIMEOUT)
    assert answer.status_code == 200


def search(url: str) -> requests.Response:
    return requests.post(url + SEARCH, json={"per_page": 5}, headers=KEY, timeout=TIMEOUT)


def test_calls_are_counted_by_api_and_route(url: str) -> None:
    search(url)
    requests.get(f"{url}/bls/cew/data/api/2025/1/area/39000.csv", headers={"User-Agent": "t"}, timeout=TIMEOUT)
    requests.get(f"{url}/apollo/nothing/here", timeout=TIMEOUT)
    told = tally(url)
    assert told["calls"]["apollo"] == {"total": 2, "paths": {"GET (unknown path)": 1, f"POST {SEARCH[7:]}": 1}}
    assert told["calls"]["bls"]["paths"] == {"GET /cew/data/api/{year}/{quarter}/{kind}/{code}.csv": 1}
    assert told["statuses"]["apollo"] == {"200": 1, "404": 1}
    assert told["highest"]["apollo mixed_people/api_search per minute"] == {"allowed": 200, "highest": 1}


def test_a_reset_starts_again(url: str, sandbox: Sandbox) -> None:
    ids = [{"id": person.id} for person in sandbox.world.people if person.matched][:3]
    for _ in range(2):
        requests.post(url + MATCH, json={"details": ids}, headers=KEY, timeout=TIMEOUT)
    told = tally(url)
    assert (told["credits"], told["charged_twice"]) == ({"apollo": 6}, {"apollo": 3})
    requests.post(f"{url}/_sandbox/reset", timeout=TIMEOUT)
    assert (tally(url)["calls"], tally(url)["credits"], tally(url)["highest"]) == ({}, {}, {})


def test_the_world_answers_questions(url: str) -> None:
    asked = [("titles", "PPC Manager"), ("titles", "Media Buyer"), ("states", "NY,CA")]
    told = requests.get(f"{url}/_sandbox/world", params=asked, timeout=TIMEOUT).json()
    assert told["asked"] == {"titles": ["PPC Manager", "Media Buyer"], "states": ["NY", "CA"]}
    wrong = requests.get(f"{url}/_sandbox/world", params={"colour": "red"}, timeout=TIMEOUT)
    assert wrong.status_code == 400
    assert "colour" in wrong.json()["error"]


def test_weather_that_cannot_be_is_refused(url: str) -> None:
    for wrong in ({"mars": {}}, {"apollo": {"rain": 1}}, []):
        assert requests.post(f"{url}/_sandbox/weather", json=wrong, timeout=TIMEOUT).status_code == 400


def test_other_limits_can_be_ordered_until_the_reset(url: str) -> None:
    path = "mixed_people/api_search"
    ordered = requests.post(f"{url}/_sandbox/limits", json={"apollo": {path: [[2, 3600]]}}, timeout=TIMEOUT)
    assert ordered.json() == {f"apollo {path}": [[2, 3600]]}
    answers = [search(url) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "x-rate-limit-minute" not in answers[0].headers
    assert answers[0].headers["x-rate-limit-hourly"] == "6000"
    assert tally(url)["highest"][f"apollo {path} per 3600 s"] == {"allowed": 2, "highest": 3}
    requests.post(f"{url}/_sandbox/reset", timeout=TIMEOUT)
    assert search(url).headers["x-rate-limit-minute"] == "200"


def test_limits_that_cannot_be_are_refused(url: str) -> None:
    for wrong in ({"mars": {}}, {"apollo": []}, {"apollo": {"people/match": [[0, 2]]}}, {"apollo": {"x": [2]}}, []):
        assert requests.post(f"{url}/_sandbox/limits", json=wrong, timeout=TIMEOUT).status_code == 400


def test_too_fast_and_ill(url: str) -> None:
    storm(url, rate_429=1)
    answer = search(url)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    storm(url, rate_5xx=1)
    assert search(url).status_code in (500, 502, 503)
    assert tally(url)["weather"] == {"apollo": {"rate_429": 1, "rate_5xx": 1}}
    assert tally(url)["given_429"]["apollo"] == 1


def test_a_malformed_body_is_half_of_one(url: str) -> None:
    storm(url, malformed=1)
    answer = search(url)
    assert answer.status_code == 200
    assert answer.text.startswith('{"total_entries"')
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_cut_line_ends_in_the_body(url: str) -> None:
    storm(url, cut=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        search(url)


def test_a_timeout_never_answers(url: str) -> None:
    storm(url, timeout=1, timeout_seconds=0.05)
    with pytest.raises(requests.ConnectionError):
        search(url)
    storm(url, timeout=1)
    with pytest.raises(requests.ReadTimeout):
        requests.post(url + SEARCH, json={}, headers=KEY, timeout=0.1)


def test_a_lost_answer_was_charged_all_the_same(url: str, sandbox: Sandbox) -> None:
    storm(url, charge_then_fail=1)
    assert search(url).status_code == 200  # free of charge: nothing to lose
    person = next(person for person in sandbox.world.people if person.matched)
    outcomes = set()
    for _ in range(12):
        try:
            answer = requests.post(url + MATCH, json={"details": [{"id": person.id}]}, headers=KEY, timeout=TIMEOUT)
            outcomes.add(answer.status_code)
        except requests.ConnectionError:
            outcomes.add(0)
    assert outcomes == {0, 500}
    assert tally(url)["credits"]["apollo"] == 12
    assert tally(url)["charged_twice"]["apollo"] == 11


def start(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    words = ["--people", "20", "--companies", "10", "--state-dir", str(folder / "state"), *more]
    process = subprocess.Popen(
        [sys.executable, "-m", "leadspiders.sandbox", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    return process.returncode


def test_a_restart_shows_what_was_bought_before(tmp_path: Path) -> None:
    first, url = start(tmp_path, "--ready-file", str(tmp_path / "ready"))
    assert (tmp_path / "ready").read_text().strip() == url
    found = requests.post(url + SEARCH, json={"per_page": 5}, headers=KEY, timeout=TIMEOUT).json()["people"]
    details = {"details": [{"id": person["id"]} for person in found]}
    bought = requests.post(url + MATCH, json=details, headers=KEY, timeout=TIMEOUT).json()["unique_enriched_records"]
    contact = {"idProperty": "email", "id": "a@b.example.com", "properties": {"firstname": "A"}}
    hubspot = "/hubspot/crm/v3/objects/contacts/batch/upsert"
    token = {"Authorization": "Bearer t"}
    requests.post(url + hubspot, json={"inputs": [contact]}, headers=token, timeout=TIMEOUT)
    assert end(first) == 0

    second, url = start(tmp_path)
    requests.post(url + MATCH, json=details, headers=KEY, timeout=TIMEOUT)
    again = requests.post(url + hubspot, json={"inputs": [contact]}, headers=token, timeout=TIMEOUT).json()
    told = tally(url)
    assert end(second) == 0
    assert again["results"][0]["new"] is False
    assert told["charged_twice"]["apollo"] == bought
    assert told["crm"]["hubspot"]["contacts"] == 1


def test_the_command_prints_what_to_set() -> None:
    words = [sys.executable, "-m", "scrapy", "sandbox", "--port", "0", "--people", "5", "--companies", "5"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(len(environment("")) + 1)]
    assert end(process) == 0
    assert all(re.fullmatch(r"export [A-Z_]+=\S+\n", line) for line in lines[:-1])
    assert "/_sandbox/tally" in lines[-1]


def test_a_taken_port_is_one_line_and_exit_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "leadspiders.sandbox", "--port", str(port), "--people", "5", "--companies", "5"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env=dict(os.environ),
        )
    assert done.returncode == 2
    assert done.stderr == f"Port {port} is taken: choose another with --port, or 0 for any free one\n"
