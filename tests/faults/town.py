"""A small town to break things in: stores of its own, a sandbox, workers behind lines that can be cut."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
import redis

from leadspiders.campaigns import loader
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded import place, process, services
from leadspiders.stores.embedded.postgres import FOLDER as POSTGRES
from leadspiders.stores.embedded.valkey import FOLDER as VALKEY
from leadspiders.stores.postgres.migrate import upgrade
from tests.conftest import ENCRYPTED
from tests.faults.proxy import HOST, Exchange, Trap

ROOT = Path(__file__).parents[2]
CAMPAIGN = "town"
SEED, PEOPLE, COMPANIES = 23, 240, 40
PATIENCE = 90.0
# Everything that is waited for is short, so that a killed worker's share goes to the others within seconds.
SETTINGS = {
    "FRONTIER_LEASE_SECONDS": "3",
    "FRONTIER_BEAT_SECONDS": "0.5",
    "FRONTIER_PAUSE_SECONDS": "0.1",
    "FRONTIER_TRIES": "9",  # a page that three workers in a row were killed over is given up, rightly; not here
    "LEADS_CLAIM_SECONDS": "3",
    "LEADS_PURCHASE_PATIENCE_SECONDS": "3",
    "LEADS_DATABASE_PATIENCE_SECONDS": "3",
}


@dataclass(eq=False)
class Worker:
    """One `scrapy crawl` in a process of its own."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self.process.kill()

    def freeze(self) -> None:
        """As a laptop that is closed, or a virtual machine that is moved."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """And opened again."""
        self.process.send_signal(signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return self.process.poll() is None

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"a worker did not end:\n{self.log.read_text()[-6000:]}") from None


@dataclass(eq=False)
class Town:
    """Stores and sandbox; `run_id` is the run that all workers of a scenario join."""

    home: Path
    exchange: Exchange
    sandbox: str = ""
    run_id: str = ""
    workers: list[Worker] = field(default_factory=list)

    def open(self) -> None:
        """Start everything, once."""
        self.sandbox = services.ensure_sandbox(self.home, seed=SEED, people=PEOPLE, companies=COMPANIES)
        upgrade(self.urls().database_url)
        campaigns = self.home / "campaigns"
        campaigns.mkdir(exist_ok=True)
        bundled = Path(loader.__file__).with_name("performance_marketers.toml").read_text()
        text = bundled.replace("delay_seconds = 2.0", "delay_seconds = 0").replace("per_page = 100", "per_page = 10")
        text = re.sub(r"(\[delivery\.destinations\.hubspot\]\nenabled = )true", r"\1false", text)
        # One seller, so that every credit that is counted can be held against what it charged.
        text = text.replace('verify = ["neverbounce", "hunter"]', "verify = []")
        text = text.replace('email = ["apollo", "hunter", "dropcontact"]', 'email = ["apollo"]')
        assert text.count('"hunter"') == 0
        (campaigns / f"{CAMPAIGN}.toml").write_text(text)

    def urls(self) -> services.Urls:
        """The stores, started if they do not run."""
        return services.ensure(self.home)

    def fresh(self) -> None:
        """A new run in empty stores, and a sandbox that has sold nothing."""
        self.run_id, self.workers = f"faults-{uuid4().hex[:8]}", []
        urls = self.urls()
        with psycopg.connect(urls.database_url, autocommit=True) as connection:
            tables = connection.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchone()
            assert tables
            connection.execute(f"TRUNCATE {tables[0]} CASCADE")
        with redis.Redis.from_url(urls.redis_url) as client:
            client.flushall()
        self.ask("/_sandbox/reset", {})
        self.ask("/_sandbox/weather", {})

    def ask(self, path: str, body: Any = None) -> Any:
        """The sandbox's own pages."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.sandbox + path, data=data, headers={"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def surroundings(self, *, database: list[Trap] | None = None, queue: list[Trap] | None = None) -> dict[str, str]:
        """The environment of a command or worker whose lines carry these traps."""
        urls = self.urls()
        return {
            "LEADS_HOME": str(self.home),
            "LEADS_CAMPAIGNS_DIR": str(self.home / "campaigns"),
            "DATABASE_URL": self._through(urls.database_url, POSTGRES, database or []),
            "REDIS_URL": self._through(urls.redis_url, VALKEY, queue or []),
            **environment(self.sandbox),
            **ENCRYPTED,
        }

    def _through(self, url: str, service: str, traps: list[Trap]) -> str:
        parts = urlsplit(url)
        line = self.exchange.open(lambda: self.port(service), *traps)
        account, _, _ = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{account}@{HOST}:{line.port}").geturl()

    def port(self, service: str) -> int:
        """Where a store listens now; a restart may move it."""
        record = process.last(self.folder(service))
        assert record
        assert record.port
        return record.port

    def folder(self, service: str) -> Path:
        """Where a store keeps its data."""
        state = place.existing(self.home)
        assert state
        return state / service

    def start(self, *, home: Path | None = None, at_once: int = 16, **traps: list[Trap]) -> Worker:
        """Start a worker of the run."""
        arguments = {"campaign": CAMPAIGN, "run_id": self.run_id}
        words = [sys.executable, "-m", "scrapy", "crawl", "apollo", "-s", f"CONCURRENT_REQUESTS={at_once}"]
        words += [word for name, value in arguments.items() for word in ("-a", f"{name}={value}")]
        words += [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
        path = self.home / f"{self.run_id}-{len(self.workers)}.log"
        surroundings = self.surroundings(**traps) | ({"LEADS_HOME": str(home)} if home else {})
        with path.open("wb") as log:
            started = subprocess.Popen(words, env=_base() | surroundings, cwd=ROOT, stdout=log, stderr=log)
        self.workers.append(Worker(started, path))
        return self.workers[-1]

    def finish(self, tries: int = 1) -> None:
        """One more worker, that nobody disturbs: it ends when nothing of the run is left. With more `tries` one that
        gave up is replaced, as a supervisor would."""
        ended = None
        while tries and ended != 0:
            worker, tries = self.start(), tries - 1
            ended = worker.wait()
        assert ended == 0, worker.log.read_text()[-6000:]

    def slow(self, seconds: float) -> None:
        """The source takes its time: a crawl lasts long enough for something to happen to it."""
        self.ask("/_sandbox/weather", {"apollo": {"slow_seconds": seconds}})

    def settled(self) -> int:
        """Records with an outcome so far."""
        return int(self.rows("SELECT coalesce(sum(cardinality(settled)), 0) FROM receipts")[0][0])

    def end(self) -> None:
        """Nobody outlives a scenario."""
        for worker in self.workers:
            if worker.runs:
                worker.process.kill()
            worker.process.wait()

    def scrapy(self, *words: str, code: int | None = 0) -> str:
        """What a command says on standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            env=_base() | self.surroundings(), cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert code is None or done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr[-4000:]}"
        return done.stdout

    def strike(self, service: str, number: signal.Signals) -> None:
        """Signal a store's server; SIGQUIT is Postgres' immediate shutdown."""
        record = process.running(self.folder(service))
        assert record
        process.end(lambda: process.one(record.pid, record.tag), ((number, 20.0),))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What Postgres holds."""
        with psycopg.connect(self.urls().database_url) as connection:
            return connection.execute(query, values).fetchall()


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
    return found


def _base() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {"COLUMNS": "120"}
