"""`scrapy ledger C`: does it add up? And how a run goes on whose Redis was lost."""

import argparse
import json
import shlex
from collections import Counter
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console

from leadspiders.campaigns.model import Campaign
from leadspiders.cli.database_command import DatabaseCommand
from leadspiders.commands.connect import campaign, database
from leadspiders.errors import StoreError
from leadspiders.ops.ledger_view import Ledger, Waiting, as_object, show
from leadspiders.stores.embedded.services import ensure
from leadspiders.stores.postgres.accounting import account, account_by_run, open_receipts
from leadspiders.stores.postgres.ledger import differences, miscounted, removed
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.tallies import recount
from leadspiders.stores.postgres.unfinished import Progress, progress
from leadspiders.stores.redis.standing import Standing


class Command(DatabaseCommand):
    """Compares receipts with tables, and pending records with the queue."""

    summary = "Whether every record is accounted for; rebuilds the queue of unfinished runs from PostgreSQL"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--run-id", metavar="ID", help="only this run")
        parser.add_argument("--counts", action="store_true", help="hold the running counts against all rows, too")
        parser.add_argument(
            "--repair",
            action="store_true",
            help="rebuild the queue of unfinished runs in Redis, and the running counts",
        )

    async def answer(self, args: list[str], opts: argparse.Namespace) -> int:
        """0 when the ledger adds up, pending records included; 1 when it does not."""
        assert self.settings is not None
        wanted = campaign(self.settings, args, "ledger")
        async with database(self.settings) as opened, Redis.from_url(self._redis_url()) as redis:
            if opts.repair:
                await _answers(redis)
            if opts.repair:
                await recount(opened)
            repaired = await repair(opened, redis, wanted, opts.run_id) if opts.repair else []
            ledger = await look(opened, redis, wanted.name, opts.run_id, repaired, counts=opts.counts)
        if opts.json:
            print(json.dumps(as_object(ledger)))
        else:
            Console().print(show(ledger), highlight=False)
        return 0 if ledger.balanced else 1

    def _redis_url(self) -> str:
        assert self.settings is not None
        given = self.settings["REDIS_URL"]
        return str(given) if given else ensure(Path(self.settings["LEADS_HOME"])).redis_url


async def _answers(redis: Redis) -> None:
    try:
        await redis.ping()
    except (RedisError, OSError) as error:
        raise StoreError(f"Redis does not answer ({error}): nothing can be rebuilt there. Check REDIS_URL") from None


async def repair(opened: Database, redis: Redis, wanted: Campaign, run_id: str | None) -> list[str]:
    """Rebuild the queue of every unfinished run whose requests Redis does not know; the commands that go on with them.

    Claims need no rebuilding: a claim says that a worker is busy with a person, and those workers are gone.
    """
    commands = []
    async with opened.connection() as connection:
        runs = await progress(connection, wanted.name, run_id)
    for one in runs:
        if one.complete:
            continue
        standing = Standing(redis, run_id=one.run_id, spider=one.source)
        await standing.rebuild(done=sorted(one.done), again=sorted(one.again | one.unanswered))
        commands.append(command(one, wanted.source_file))
    return commands


def command(one: Progress, campaign_file: str) -> str:
    """The line that starts a source again as it was started the first time."""
    arguments = {"campaign": campaign_file, "run_id": one.run_id} | one.arguments
    words = [word for name, value in arguments.items() for word in ("-a", f"{name}={value}")]
    return shlex.join(["scrapy", "crawl", one.source, *words])


async def look(
    opened: Database,
    redis: Redis,
    campaign_name: str,
    run_id: str | None = None,
    repaired: list[str] | None = None,
    *,
    counts: bool = False,
) -> Ledger:
    """Everything there is to say about the ledger of a campaign; with `counts` its running counts, too."""
    async with opened.connection() as connection:
        runs = await progress(connection, campaign_name, run_id)
        waiting = await open_receipts(connection, campaign_name, run_id=run_id)
        whole = await account(connection, campaign_name, run_id)
        by_run = await account_by_run(connection, campaign_name, run_id)
        found = await differences(connection, campaign_name, run_id)
        found += await miscounted(connection, campaign_name) if counts else []
        gone = await removed(connection, campaign_name, run_id)
    requests: Counter[str] = Counter()
    held: list[Waiting] = []
    for one in runs:
        mine = [each for each in waiting if (each.run_id, each.source) == (one.run_id, one.source)]
        places = await _places(redis, one, [each.receipt.partition(".")[0] for each in mine])
        requests.update(places[fingerprint] for fingerprint in one.unanswered)
        held += [Waiting(receipt=each, place=places[each.receipt.partition(".")[0]]) for each in mine]
    return Ledger(
        campaign=campaign_name,
        whole=whole,
        runs=by_run,
        differences=found,
        removed=gone,
        waiting=held,
        progress=runs,
        requests=dict(requests),
        repaired=repaired or [],
    )


async def _places(redis: Redis, one: Progress, pending: list[str]) -> dict[str, str]:
    fingerprints = sorted({*one.unanswered, *pending})
    try:
        return dict(await Standing(redis, run_id=one.run_id, spider=one.source).places(fingerprints))
    except (RedisError, OSError):
        return dict.fromkeys(fingerprints, "unknown")
