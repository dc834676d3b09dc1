"""SAM.gov on the wire: pages, asynchronous extracts and the monthly file, fact by fact as the sheet says."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build
from leadspiders.sandbox.state import Sandbox

Json = dict[str, Any]


class Clock:
    """A clock that tests turn."""

    now = datetime(2026, 11, 21, 13, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


CLOCK = Clock()


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return build(Options(people=20, companies=150), clock=CLOCK)


@pytest.fixture(scope="module")
def base(sandbox: Sandbox) -> Iterator[str]:
    with serving(sandbox) as url:
        yield f"{url}/sam-gov"


def ask(
    base: str, path: str = "/entity-information/v3/entities", key: str = "SAM-1", **query: Any
) -> requests.Response:
    return requests.get(base + path, params={"api_key": key} | query, allow_redirects=False, timeout=10)


def test_pages_hold_ten_and_end_without_a_next_link(base: str, sandbox: Sandbox) -> None:
    first = ask(base).json()
    total = first["totalRecords"]
    assert total == sum(entry.registered for entry in sandbox.world.registrations)
    assert len(first["entityData"]) == 10
    assert "nextLink" in first["links"]
    pages = [ask(base, page=page, size=10).json() for page in range(-(-total // 10))]
    keys = [
        (entity["entityRegistration"]["ueiSAM"], entity["entityRegistration"]["entityEFTIndicator"])
        for page in pages
        for entity in page["entityData"]
    ]
    assert len(set(keys)) == len(keys) == total
    assert "nextLink" not in pages[-1]["links"]
    assert "SAM-1" not in json.dumps(pages[0]["links"])


def test_sections(base: str) -> None:
    assert list(ask(base, size=1).json()["entityData"][0]) == ["entityRegistration", "coreData"]
    every = ask(base, size=1, includeSections="All").json()["entityData"][0]
    assert "assertions" in every
    assert "integrityInformation" not in every
    assert ask(base, includeSections="everything").status_code == 400


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"size": 11}, "Size Cannot Exceed 10 Records"),
        ({"page": 1000, "size": 10}, "Results Too Large"),
        ({"employees": 50}, "employees"),
        ({"registrationDate": "2026-01-01"}, "MM/DD/YYYY"),
        ({"legalBusinessName": "A|B"}, "not allowed"),
        ({"ueiSAM": "~".join(["ABCDEFGH1J23"] * 101)}, "100"),
        ({"entityEFTIndicator": "0001"}, "ueiSAM"),
    ],
)
def test_errors_of_v3(base: str, query: Json, detail: str) -> None:
    answer = ask(base, **query)
    body = answer.json()
    assert answer.status_code == 400
    assert {"Status", "timestamp", "message", "errorCode", "transaction_id"} < set(body)
    assert detail in body["detail"]


def test_filters(base: str, sandbox: Sandbox) -> None:
    def count(**query: str) -> int:
        return int(ask(base, **query).json()["totalRecords"])

    entries = [entry for entry in sandbox.world.registrations if entry.registered]
    state = entries[0].company.place.state.code
    inside = sum(entry.company.place.state.code == state for entry in entries)
    assert count(physicalAddressProvinceOrStateCode=state) == inside
    assert count(physicalAddressProvinceOrStateCode=f"!{state}") == len(entries) - inside
    assert count(registrationStatus="A") + count(registrationStatus="E") == len(entries)
    pair = "~".join(entry.uei for entry in entries[:2])
    assert count(ueiSAM=f"[{pair}]") >= 2
    assert count(registrationDate="[01/01/2005,12/31/2030]") == len(entries)
    assert count(registrationDate="01/01/1990") == 0
    assert count(samRegistered="No") == len(sandbox.world.registrations) - len(entries)
    assert count(legalBusinessName=entries[0].legal_name) >= 1
    naics = entries[0].naics[0]
    assert count(primaryNaics=naics) == sum(entry.naics[0] == naics for entry in entries)


def test_a_key_in_the_header_is_as_good(base: str) -> None:
    answer = requests.get(f"{base}/entity-information/v3/entities", headers={"X-Api-Key": "SAM-1"}, timeout=5)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "API_KEY_MISSING"),
        ("SAM-invalid", "API_KEY_INVALID"),
        ("SAM-expired", "API_KEY_DISABLED"),
        ("SAM-nomaster", "API_KEY_UNAUTHORIZED"),
    ],
)
def test_wrong_keys(base: str, key: str, code: str) -> None:
    answer = ask(base, key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, code)


def test_ten_a_day_and_the_time_of_the_next(base: str) -> None:
    assert {ask(base, key="SAM-small", size=1).status_code for _ in range(10)} == {200}
    full = ask(base, key="SAM-small")
    assert (full.status_code, full.json()["code"]) == (429, "900804")
    assert full.json()["nextAccessTime"] == "2026-Nov-22 00:00:00+0000 UTC"


def order(base: str, **query: str) -> str:
    answer = ask(base, **query)
    assert answer.headers["content-type"].startswith("text/plain")
    found = re.search(r"token=([A-Za-z0-9]+)", answer.text)
    assert found
    return found[1]


def download(base: str, token: str) -> requests.Response:
    return ask(base, "/entity-information/v3/download-entities", token=token)


def test_an_extract_is_ordered_awaited_and_fetched(base: str, sandbox: Sandbox) -> None:
    token = order(base, format="csv", registrationStatus="A")
    early = download(base, token)
    assert early.status_code == 400
    assert "not generated yet" in early.json()["message"]
    assert "details" in early.json()
    assert "detail" not in early.json()
    CLOCK.now += 5
    found = list(csv.DictReader(io.StringIO(gzip.decompress(download(base, token).content).decode())))
    assert len(found) == sum(entry.registered and entry.active for entry in sandbox.world.registrations)
    assert len(found[0]) == 345


def test_an_extract_in_json_has_every_section(base: str) -> None:
    token = order(base, format="json", physicalAddressCountryCode="USA")
    CLOCK.now += 5
    found = json.loads(gzip.decompress(download(base, token).content))
    assert found["totalRecords"] == len(found["entityData"]) > 10
    assert "assertions" in found["entityData"][0]


def test_an_old_token_starts_over(base: str) -> None:
    token = order(base, format="csv")
    CLOCK.now += 25 * 3600
    assert "token is expired" in download(base, token).json()["message"]
    assert download(base, "UNKNOWN").status_code == 400


EXTRACTS = "/data-services/v1/extracts"
MONTHLY = {"fileType": "ENTITY", "sensitivity": "PUBLIC", "frequency": "MONTHLY", "charset": "UTF8", "version": "V2"}


def test_the_monthly_file_is_behind_a_redirect_without_the_key(base: str, sandbox: Sandbox) -> None:
    answer = ask(base, EXTRACTS, **MONTHLY, date="11/2026")
    assert answer.status_code == 302
    where = answer.headers["Location"]
    assert "api_key" not in where
    assert urlsplit(where).netloc == urlsplit(base).netloc
    assert requests.get(where, headers={"X-Api-Key": "SAM-1"}, timeout=5).status_code == 400
    assert requests.get(f"{where}&api_key=SAM-1", timeout=5).status_code == 400
    fetched = requests.get(where, timeout=5)
    assert 'filename="SAM_PUBLIC_UTF-8_MONTHLY_V2_20261101.ZIP"' in fetched.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as folder:
        lines = folder.read(folder.namelist()[0]).decode().splitlines()
    assert len(lines) - 2 == sum(entry.registered for entry in sandbox.world.registrations)


def test_the_pre_signed_address_lives_an_hour(base: str) -> None:
    where = ask(base, EXTRACTS, fileName="SAM_PUBLIC_MONTHLY_V2_20260906.ZIP").headers["Location"]
    assert requests.get(where, timeout=5).status_code == 200
    assert requests.get(where.replace("Signature=", "Signature=0"), timeout=5).status_code == 403
    CLOCK.now += 3700
    assert requests.get(where, timeout=5).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {**MONTHLY, "date": "12/2027"},
        {**MONTHLY, "frequency": "DAILY"},
        {**MONTHLY, "sensitivity": "FOUO"},
        {**MONTHLY, "date": "2026-11"},
        {"fileName": "SAM_PUBLIC_MONTHLY_V2_20260907.ZIP"},
        {"frequency": "MONTHLY"},
    ],
)
def test_files_that_do_not_exist(base: str, query: dict[str, str]) -> None:
    assert ask(base, EXTRACTS, **query).status_code == 400
