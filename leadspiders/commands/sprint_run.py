"""One sprint from start to end: prepare, start the crawls, watch them, deliver what is left."""

import asyncio
import math
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
from aiohttp import ClientError
from rich.console import Console
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from leadspiders.campaigns.model import Campaign
from leadspiders.commands.planning import plan_of, question
from leadspiders.commands.preflight import connect, credential, providers
from leadspiders.commands.workers import Failure, Workers
from leadspiders.errors import LeadspidersError, StoreError
from leadspiders.guard.vault import Vault
from leadspiders.ops.plan_against import Compared, Milestones, against, kept
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.plan_wording import short_line
from leadspiders.ops.progress import Progress
from leadspiders.ops.progress_view import Planned
from leadspiders.sandbox.addresses import environment
from leadspiders.stores.embedded.services import ensure_sandbox
from leadspiders.stores.postgres import outbox, plans, runs
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.status import status

LOOK_SECONDS = 0.5
SPARE_PEOPLE = 1.1
"""The sandbox holds a tenth more people than the goal, since some of them never become ready leads."""
SANDBOX_SEED = 7
SANDBOX_COMPANIES = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a sprint came to. `hours` is how long it ran, `failures` the crawls that ended badly."""

    status: dict[str, Any]
    delivered: dict[str, dict[str, int]]
    hours: float
    failures: list[Failure]
    interrupted: bool
    compared: list[Compared] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Sprint:
    """What a sprint was asked for; `goal` is in leads, `workers` counts processes a source."""

    campaign: Campaign
    settings: BaseSettings
    console: Console
    goal: int
    workers: int
    sandbox: bool
    run_id: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:6]}")
    sandbox_url: str | None = None
    plan: Plan | None = None
    _interrupted: bool = False
    _milestones: Milestones = field(default_factory=Milestones)

    @property
    def home(self) -> Path:
        """Where logs and reports of this installation are."""
        return Path(self.settings["LEADS_HOME"])

    def prepare(self) -> dict[str, str]:
        """The environment of the crawls, with everything in it up and there. Raises `SetupError`."""
        loader = get_spider_loader(self.settings)
        for source in self.campaign.sources.enabled():
            spider = loader.load(source).checked(self._arguments(), self.settings)  # type: ignore[attr-defined]
            if not self.sandbox:
                credential(spider, self.settings)
        providers(self.campaign, self.settings)
        ready = connect(self.settings)
        found = {name: ready[name] for name in ("DATABASE_URL", "REDIS_URL")} | {"LEADS_HOME": str(self.home)}
        if self.sandbox:
            people = math.ceil(self.goal * SPARE_PEOPLE)
            self.sandbox_url = ensure_sandbox(self.home, seed=SANDBOX_SEED, people=people, companies=SANDBOX_COMPANIES)
            found |= environment(self.sandbox_url)
        return found

    async def forecast(self, surroundings: dict[str, str]) -> None:
        """Plan the run and say so in a line, and in another that the goal is out of reach; then go on all the same."""
        asked = question(
            self.campaign, self.settings, goal=self.goal, workers=self.workers, sandbox_url=self.sandbox_url
        )
        database = Database(surroundings["DATABASE_URL"], vault=Vault.of_settings(self.settings))
        try:
            self.plan = await plan_of(asked, database)
        except (LeadspidersError, ClientError, OSError, TimeoutError) as error:  # a run needs no plan
            self.console.print(f"plan: none ({error})", soft_wrap=True, highlight=False, markup=False)
            return
        finally:
            await database.close()
        told = [short_line(self.plan), *(self.plan.notes[:1] if not self.plan.fits else ())]
        self.console.print("\n".join(told), soft_wrap=True, highlight=False, markup=False)

    async def run(self, surroundings: dict[str, str]) -> Result:
        """Run all sources to their end, or until Ctrl-C; then deliver what waits in the outbox."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, self._interrupt)
        database = Database(surroundings["DATABASE_URL"])
        settings = {"DOWNLOAD_DELAY": "0"} if self.sandbox else {}
        workers = Workers(self.home / "logs" / self.run_id, surroundings, settings)
        started = monotonic()
        try:
            await runs.start_run(database, self.run_id, self.campaign.name, sandbox=self.sandbox)
            if self.plan:
                await plans.keep(database, self.run_id, plans.FORECAST, kept(self.plan))
            with self._progress() as progress:
                for source in self.campaign.sources.enabled():
                    for number in range(self.workers):
                        await workers.start(f"{source}-{number + 1}", source, self._arguments())
                await self._watch(workers, database, progress, started)
                if not self._interrupted:
                    await workers.start("delivery", "delivery", self._arguments())
                    await self._watch(workers, database, progress, started)
            await runs.finish_run(database, self.run_id)
            seconds = monotonic() - started
            return Result(
                status=await status(database, self.campaign.name, lead=self.campaign.lead),
                delivered=await outbox.counts(database, self.campaign.name),
                hours=seconds / 3600,
                failures=workers.failures(),
                interrupted=self._interrupted,
                compared=await self._compared(database, seconds),
            )
        finally:
            await workers.end()
            await database.close()

    async def _compared(self, database: Database, seconds: float) -> list[Compared]:
        """The plan against the run; what it measured of this machine is kept for the next plan."""
        if not self.plan:
            return []
        calls = await plans.calls_of(database, self.run_id)
        paid, usd = await plans.paid_in(database, self.run_id)
        paced, cores = self.plan.timing.slowest is not None, os.cpu_count() or 1
        actual = self._milestones.measured(seconds, workers=self.workers, cores=cores, paced=paced)
        if actual and not self._interrupted:
            await plans.keep(
                database, self.run_id, plans.ACTUAL, {**actual, "calls": calls, "credits": paid, "usd": usd}
            )
        return against(self.plan, seconds=seconds, calls=calls, credits=paid, usd=usd)

    def _arguments(self) -> dict[str, str]:
        return {"campaign": self.campaign.source_file, "run_id": self.run_id, "goal": str(self.goal)}

    async def _watch(self, workers: Workers, database: Database, progress: Progress, started: float) -> None:
        while workers.alive() and not self._interrupted:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(StoreError, psycopg.Error):  # a look that fails ends no crawl: the next one is due soon
                now = await status(database, self.campaign.name, lead=self.campaign.lead)
                self._milestones.note(monotonic() - started, now)
                progress.update(
                    now,
                    delivered=await outbox.counts(database, self.campaign.name),
                    elapsed=monotonic() - started,
                )
        if self._interrupted:
            await workers.end()

    def _interrupt(self) -> None:
        self._interrupted = True

    def _progress(self) -> Progress:
        return Progress(
            self.goal,
            self.campaign.title,
            self.console,
            per_hour=self.campaign.goals.per_hour,
            cap_usd=self.campaign.budget.cap_usd,
            credit_caps=dict(self.campaign.budget.credits),
            planned=Planned.of(self.plan) if self.plan else None,
        )
