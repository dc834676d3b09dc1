"""What tests share: embedded services of their own, started at the first need and gone at the end."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from leadspiders.guard.vault import Vault
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import services
from leadspiders.stores.postgres.migrate import upgrade
from leadspiders.stores.postgres.schema.whole import metadata
from leadspiders.stores.postgres.sealed import SealedColumns

pytest_plugins = ["tests.second_try"]
ROOT = Path(__file__).parent.parent
COMMAND_SECONDS = 120
ENCRYPTION_KEY = base64.b64encode(b"the tests' key, 32 bytes of it..").decode()
VAULT = Vault.of([ENCRYPTION_KEY])
ENCRYPTED = {"LEADS_ENCRYPTION_KEYS": ENCRYPTION_KEY}
"""In the environment of all who share a database: so a test can read what they wrote."""


@dataclass(frozen=True, slots=True)
class Scrapy:
    """Runs `scrapy` as a user would, in a process of its own."""

    environment: Mapping[str, str]

    def __call__(self, *words: str, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command; fails the test when it ends with another exit code than `code`."""
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            env=surroundings | {"COLUMNS": "120"} | self.environment | more,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr[-8000:]}"
        return done

    def status(self, campaign: str) -> dict[str, Any]:
        """What `scrapy status` says."""
        status: dict[str, Any] = json.loads(self("status", campaign, "--json").stdout)
        return status


def in_clear(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a table, as dicts with their `id`, with what is sealed in them in clear."""
    for row in rows:
        SealedColumns(metadata.tables[table]).open(VAULT, row)
    return rows


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A home of embedded services that no other run uses, in a place that an unprivileged user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="leadspiders-test-"))
    folder.chmod(0o755)
    yield folder
    services.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def urls(home: Path) -> services.Urls:
    """The embedded PostgreSQL and Valkey of this test run."""
    return services.ensure(home)


@pytest.fixture(scope="session")
def database_url(urls: services.Urls) -> str:
    """A migrated database."""
    upgrade(urls.database_url)
    return urls.database_url


@pytest.fixture(scope="session")
def new_database(urls: services.Urls) -> Callable[[], str]:
    """Makes another migrated database, for a module that must not be cleaned under its feet: a copy of one that nobody
    else connects to, which takes a tenth of the time of the migrations."""

    def named(name: str, *more: str) -> str:
        with psycopg.connect(urls.database_url, autocommit=True) as connection:
            connection.execute(" ".join(["CREATE DATABASE", name, *more]))
        return urlsplit(urls.database_url)._replace(path=f"/{name}").geturl()

    upgrade(named("test_template"))
    return lambda: named(f"test_{uuid4().hex}", "TEMPLATE test_template")


@pytest.fixture(scope="session")
def make_scrapy() -> Callable[..., Scrapy]:
    """`scrapy` with just this environment."""
    return lambda **environment: Scrapy(ENCRYPTED | environment)


@pytest.fixture
def database(database_url: str) -> str:
    """A migrated database without a row."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchone()
        assert tables
        connection.execute(f"TRUNCATE {tables[0]} CASCADE")
    return database_url


@pytest.fixture(scope="session")
def sandbox_url(home: Path) -> str:
    """A sandbox with a small world."""
    return services.ensure_sandbox(home, seed=11, people=300, companies=120)


@pytest.fixture
def scrapy(home: Path, urls: services.Urls, database: str) -> Scrapy:
    """`scrapy` on the command line, over a clean database, without the caller's environment."""
    return Scrapy({"LEADS_HOME": str(home), "DATABASE_URL": database, "REDIS_URL": urls.redis_url} | ENCRYPTED)


@pytest.fixture
def sandboxed(scrapy: Scrapy, sandbox_url: str) -> Scrapy:
    """The same, talking to the sandbox."""
    return Scrapy(scrapy.environment | environment(sandbox_url))
