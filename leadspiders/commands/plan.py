"""`scrapy plan C`: what a run takes, before it begins."""

import argparse
import json
import math
from pathlib import Path

from rich.console import Console

from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands import connect, preflight
from leadspiders.commands.planning import plan_alone, plan_of, question
from leadspiders.commands.sprint_run import SANDBOX_COMPANIES, SANDBOX_SEED, SPARE_PEOPLE
from leadspiders.errors import ArgumentError
from leadspiders.guard.vault import Vault
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.plan_view import as_object, show
from leadspiders.stores.embedded.services import ensure_sandbox
from leadspiders.stores.postgres.pool import Database

DOES_NOT_FIT = 1


class Command(DatabaseCommand):
    """Asks only what costs nothing. Without a key it answers from the campaign and the database."""

    summary = "Volume, calls, credits, cost and time of a run, and the limit that binds; buys nothing"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--sandbox", action="store_true", help="plan a run against the local stand-ins")
        parser.add_argument("--goal", type=int, metavar="N", help="ready leads to reach (default: the campaign's)")
        parser.add_argument("--workers", type=int, metavar="N", default=1, help="processes a source (default: 1)")
        parser.add_argument("--offline", action="store_true", help="ask nobody, not even the database")

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print it; 0 when the goal fits under caps, quotas and hours, 1 when it does not."""
        if opts.workers < 1 or (opts.goal is not None and opts.goal < 1):
            raise ArgumentError("--goal and --workers are numbers from 1")
        if opts.offline and opts.sandbox:
            raise ArgumentError("--offline asks nobody, and --sandbox asks the stand-ins: leave one of them out")
        plan = await self._plan(args, opts)
        if opts.json:
            print(json.dumps(as_object(plan)))
        else:
            Console().print(show(plan), highlight=False)
        return 0 if plan.fits else DOES_NOT_FIT

    async def _plan(self, args: list[str], opts: argparse.Namespace) -> Plan:
        assert self.settings is not None
        campaign = connect.campaign(self.settings, args, "plan")
        goal = opts.goal or (campaign.goals.sandbox_leads if opts.sandbox else campaign.goals.leads)
        if opts.offline:
            return await plan_alone(question(campaign, self.settings, goal=goal, workers=opts.workers, offline=True))
        surroundings = preflight.connect(self.settings)
        url = None
        if opts.sandbox:
            people = math.ceil(goal * SPARE_PEOPLE)
            home = Path(self.settings["LEADS_HOME"])
            url = ensure_sandbox(home, seed=SANDBOX_SEED, people=people, companies=SANDBOX_COMPANIES)
        asked = question(campaign, self.settings, goal=goal, workers=opts.workers, sandbox_url=url)
        database = Database(surroundings["DATABASE_URL"], vault=Vault.of_settings(self.settings))
        try:
            return await plan_of(asked, database)
        finally:
            await database.close()
