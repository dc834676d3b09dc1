"""A real scrapyd takes the project as an egg, lists its spiders, and runs a crawl from `schedule.json`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest
import requests

from leadspiders.stores.embedded.services import Urls
from tests.conftest import ENCRYPTED

ROOT = Path(__file__).parents[2]
PROJECT_FILES = ("pyproject.toml", "setup.py", "requirements.txt", "README.md", "scrapy.cfg")
FOLDERS = ("eggs", "logs", "dbs")
SLICE = ROOT / "fixtures" / "payloads" / "bls" / "annual_area.csv"

READS_ITS_OWN_DATA = """
import sys
sys.path.insert(0, sys.argv[1])
from jinja2 import Environment, PackageLoader
from leadspiders.campaigns.loader import available, load
from leadspiders.rules.places import country
from leadspiders.stores.postgres.migrate import missing
import leadspiders
print(leadspiders.__file__.startswith(sys.argv[1]))
print(*(load(campaign.name).name for campaign in available()))
print(country("US"))
print(len(PackageLoader("leadspiders.ops", "templates").get_source(Environment(), "report.html.j2")[0]) > 1000)
print(missing(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrapyd:
    """A running one: where it answers, its folder, and the checkout that projects are deployed from."""

    url: str
    folder: Path
    checkout: Path

    def get(self, service: str, **params: str) -> dict[str, Any]:
        return self._good(requests.get(self.url + service, params=params, timeout=60))

    def post(self, service: str, **data: str) -> dict[str, Any]:
        return self._good(requests.post(self.url + service, data=data, timeout=60))

    @property
    def egg(self) -> Path:
        (egg,) = self.folder.joinpath("eggs", "leadspiders").glob("*.egg")
        return egg

    @staticmethod
    def _good(response: requests.Response) -> dict[str, Any]:
        answer: dict[str, Any] = response.json()
        assert answer["status"] == "ok", answer
        return answer


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a deployment is built from."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in PROJECT_FILES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "leadspiders", folder / "leadspiders", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def scrapyd(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, urls: Urls, database_url: str, home: Path
) -> Iterator[Scrapyd]:
    """Our scrapyd.conf, with a port and folders of its own."""
    folder, port = tmp_path_factory.mktemp("scrapyd"), free_port()
    ours = ConfigParser()
    ours.read(ROOT / "scrapyd.conf")
    ours["scrapyd"].update({"http_port": str(port)} | {f"{name}_dir": str(folder / name) for name in FOLDERS})
    with (folder / "scrapyd.conf").open("w") as file:
        ours.write(file)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)} | {
        "DATABASE_URL": database_url,
        "REDIS_URL": urls.redis_url,
        "LEADS_HOME": str(home),
        **ENCRYPTED,
    }
    running = Scrapyd(url=f"http://127.0.0.1:{port}/", folder=folder, checkout=checkout)
    with (folder / "scrapyd.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapyd", "--pidfile="], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        eventually(lambda: answers(running), f"scrapyd does not answer: {folder / 'scrapyd.log'}", seconds=30)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def deployed(scrapyd: Scrapyd) -> Scrapyd:
    """The same, after `scrapyd-deploy local`."""
    target = ConfigParser()
    target.read(scrapyd.checkout / "scrapy.cfg")
    target["deploy:local"]["url"] = scrapyd.url
    with (scrapyd.checkout / "scrapy.cfg").open("w") as file:
        target.write(file)
    answer = subprocess.run(
        [sys.executable, "-m", "scrapyd_client.deploy", "local"],
        cwd=scrapyd.checkout, check=True, timeout=120, stdout=subprocess.PIPE, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
    ).stdout  # fmt: skip
    assert json.loads(answer)["status"] == "ok", answer  # scrapyd-deploy exits 0 either way
    return scrapyd


def test_a_deployment_leaves_nothing_in_the_checkout(deployed: Scrapyd) -> None:
    assert {path.name for path in deployed.checkout.iterdir()} == {*PROJECT_FILES, "leadspiders"}


def test_every_file_of_the_package_is_in_the_egg(deployed: Scrapyd) -> None:
    files = {path for path in (deployed.checkout / "leadspiders").rglob("*") if path.is_file()}
    with ZipFile(deployed.egg) as egg:
        packed = set(egg.namelist())
    assert {file.relative_to(deployed.checkout).as_posix() for file in files} - packed == set()


def test_the_egg_reads_its_own_data(deployed: Scrapyd, database_url: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", READS_ITS_OWN_DATA, str(deployed.egg), database_url],
        cwd=deployed.folder, check=True, timeout=60, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    assert told == ["True", "dpc_employers performance_marketers", "United States", "True", "[]"]


def test_the_spiders_are_listed(deployed: Scrapyd) -> None:
    assert deployed.get("listspiders.json", project="leadspiders")["spiders"] == ["apollo", "bls", "delivery", "samgov"]


def test_a_scheduled_crawl_fills_the_database(deployed: Scrapyd, database: str) -> None:
    job = deployed.post(
        "schedule.json", project="leadspiders", spider="bls", campaign="dpc_employers", files=str(SLICE)
    )["jobid"]

    def finished() -> bool:
        jobs = deployed.get("listjobs.json", project="leadspiders")["finished"]
        return job in {one["id"] for one in jobs}

    log = deployed.folder / "logs" / "leadspiders" / "bls" / f"{job}.log"
    eventually(finished, f"the crawl does not end: {log}", seconds=60)
    with psycopg.connect(database) as connection:
        cells = connection.execute("SELECT count(*) FROM market_cells").fetchone()
        crawls = connection.execute("SELECT source, status, records_processed, errors FROM scraping_logs").fetchall()
    rows = len(SLICE.read_text().splitlines()) - 1
    assert cells == (rows,), log.read_text()
    assert crawls == [("bls", "finished", rows, 0)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def answers(running: Scrapyd) -> bool:
    try:
        return bool(running.get("daemonstatus.json"))
    except requests.ConnectionError:
        return False


def eventually(holds: Callable[[], bool], complaint: str, *, seconds: float) -> None:
    """Ask until it holds, ten times a second; fail with the complaint after that time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)
