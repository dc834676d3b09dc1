"""No secret is left behind by crawls through bad weather, refusals, redirects and a crash; a planted one is found."""

import base64
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis
import requests

from leadspiders.apis.registry import APIS
from leadspiders.guard.hash_key import hash_key
from leadspiders.guard.keys_file import Entry, save
from leadspiders.guard.vault import Vault
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import services
from tests.conftest import COMMAND_SECONDS, ROOT, Scrapy
from tests.flow.safety.hunt import MARK, in_files, in_postgres, in_redis, secret, secrets_of_all, spellings

ENCRYPTION_KEY = base64.b64encode(b"hunted encryption key of 32 byte").decode()
LOOSE = ("-s", "DOWNLOAD_DELAY=0", "-s", "LOG_LEVEL=DEBUG", "-a")
A, B = "campaign=performance_marketers", "campaign=dpc_employers"


@dataclass(frozen=True)
class Scene:
    """Everything that the crawls left: where the stores are, and a folder of files."""

    database: str
    redis: str
    files: Path
    log: str
    struck: dict[str, dict[str, int]]

    def found(self, marks: list[bytes]) -> list[str]:
        return [*in_redis(self.redis, marks), *in_postgres(self.database, marks), *in_files(self.files, marks)]


@pytest.fixture(scope="module")
def scene(
    urls: services.Urls, new_database: Callable[[], str], sandbox_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Scene:
    files, database = tmp_path_factory.mktemp("left"), new_database()
    keys = secrets_of_all()
    stands = {name: value for name, value in environment(sandbox_url).items() if name.endswith("_URL")}
    stores = {"LEADS_HOME": str(files), "DATABASE_URL": database, "REDIS_URL": urls.redis_url}
    scrapy = Scrapy(stores | stands | {"LEADS_ENCRYPTION_KEYS": ENCRYPTION_KEY})
    cached = ("-s", "HTTPCACHE_ENABLED=1", "-s", f"HTTPCACHE_DIR={files / 'cache'}")
    out = iter(range(100))

    def crawl(*words: str, code: int | None = 0, **more: str) -> None:
        left = ("-O", str(files / f"{next(out)}.jsonl"), "--logfile", str(files / f"{next(out)}.log"))
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", *cached, *words, *left],
            env={**scrapy.environment, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert code in (None, done.returncode), done.stderr
        (files / f"{next(out)}.out").write_text(done.stdout + done.stderr)

    # Not for Apollo: a paid call that is lost makes the stage rest, for longer than a test may take.
    order(sandbox_url, {"sam_gov": {"rate_5xx": 0.25, "cut": 0.25}, "bls": {"rate_429": 0.5}})
    try:
        crawl("apollo", *LOOSE, A, "-a", "sample=15", code=None, **keys)
        crawl("samgov", *LOOSE, B, "-a", "sample=15", code=None, **keys)
        struck = requests.get(f"{sandbox_url}/_sandbox/tally", timeout=5).json()["weather"]
    finally:
        order(sandbox_url, {})
    crash(scrapy, files / "crash.log", keys)
    crawl("bls", *LOOSE, B, "-a", "series=ENU3904910510", code=1, **keys | {"BLS_API_KEY": f"{secret('bls')}-invalid"})
    stored = {api.name: [Entry(secret(api.name), team="a team")] for api in APIS.values() if api.key_name}
    save(files / "keys.enc", stored, [ENCRYPTION_KEY])
    crawl("samgov", *LOOSE, B, "-a", "mode=monthly", "-a", "sample=5")
    (files / "keys.json").write_text(scrapy("keys", "--json").stdout)
    return Scene(database, urls.redis_url, files, "".join(path.read_text() for path in files.glob("*.log")), struck)


def order(sandbox_url: str, weather: dict[str, dict[str, float]]) -> None:
    requests.post(f"{sandbox_url}/_sandbox/weather", json=weather, timeout=5).raise_for_status()


def crash(scrapy: Scrapy, log: Path, keys: dict[str, str]) -> None:
    """A crawl that is killed as soon as it has its first answer."""
    words = [sys.executable, "-m", "scrapy", "crawl", "apollo", *LOOSE, A, "--logfile", str(log), "-a", "run_id=crash"]
    with subprocess.Popen(words, env={**scrapy.environment, **keys}, cwd=ROOT, stderr=subprocess.PIPE) as running:
        until = time.monotonic() + COMMAND_SECONDS
        while time.monotonic() < until and running.poll() is None:
            if log.exists() and "Crawled (200)" in log.read_text():
                break
            time.sleep(0.05)
        running.kill()
        _, said = running.communicate()
    assert running.returncode == -signal.SIGKILL, said.decode() + log.read_text()[-4000:]
    assert "Crawled (200)" in log.read_text()


def test_the_crawls_did_what_they_were_to_do(scene: Scene) -> None:
    assert sum(scene.struck["sam_gov"].values()) > 0
    assert "credential-refused" in scene.log
    assert list((scene.files / "cache").rglob("response_body")) == []  # all were signed, bought or polled
    assert "Redirecting" in scene.log or "(302)" in scene.log
    shown = json.loads((scene.files / "keys.json").read_text())["credentials"]
    assert {one["source"] for one in shown} == {"file"}
    assert {one["team"] for one in shown} == {"a team"}


def test_no_credential_is_left_anywhere(scene: Scene) -> None:
    assert scene.found(spellings()) == []


def test_neither_is_a_key_of_the_installation(scene: Scene) -> None:
    with psycopg.connect(scene.database) as connection:
        installation = hash_key(connection, Vault.of([ENCRYPTION_KEY]))
    raw = base64.b64decode(ENCRYPTION_KEY)
    marks = [ENCRYPTION_KEY.encode(), raw, raw.hex().encode(), installation, installation.hex().encode()]
    assert scene.found([*marks, base64.b64encode(installation)]) == []


def test_no_person_is_in_the_log_at_debug(scene: Scene) -> None:
    with psycopg.connect(scene.database) as connection:
        people = connection.execute("SELECT full_name, email, linkedin_url FROM contacts").fetchall()
    assert len(people) > 5
    assert [trait for person in people for trait in person if isinstance(trait, str) and trait in scene.log] == []


def test_no_cassette_holds_one() -> None:
    assert in_files(ROOT / "fixtures", spellings()) == []


@pytest.mark.parametrize(
    "spelled",
    [
        lambda key: key,
        quote,
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
        lambda key: base64.b64encode(f"u:{key}".encode()).decode(),
        lambda key: base64.b64encode(f"me:{key}".encode()).decode(),
        lambda key: key.encode().hex(),
    ],
)
def test_a_planted_secret_is_found(scene: Scene, spelled: Callable[[str], str], tmp_path: Path) -> None:
    planted = f"x{spelled(secret('apollo'))}y"
    (tmp_path / "file").write_text(planted)
    assert in_files(tmp_path, spellings())
    with redis.Redis.from_url(scene.redis) as store:
        store.hset("planted", "field", planted)
        try:
            assert in_redis(scene.redis, spellings()) == ["redis b'planted'"]
        finally:
            store.delete("planted")
    with psycopg.connect(scene.database) as connection:
        for value in (planted, psycopg.Binary(planted.encode())):
            connection.execute("CREATE TABLE planted AS SELECT %s AS value", [value])
            connection.commit()
            try:
                assert in_postgres(scene.database, spellings()) == ["table planted"]
            finally:
                connection.execute("DROP TABLE planted")
                connection.commit()


def test_the_mark_is_in_every_hunted_secret() -> None:
    assert all(value.startswith(MARK) for value in secrets_of_all().values())
