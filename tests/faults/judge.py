"""Who says whether anything was lost: the world that the sandbox served, and the charges that it counted."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from leadspiders.campaigns.loader import load
from leadspiders.commands.ledger import look
from leadspiders.ops.ledger_view import Ledger
from leadspiders.sandbox.apis.apollo_search import find_people
from leadspiders.sandbox.world.truth import grow
from leadspiders.spiders.apollo import Apollo
from leadspiders.stores.postgres.pool import Database
from tests.conftest import VAULT
from tests.faults.town import CAMPAIGN, COMPANIES, PEOPLE, SEED, Town


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run came to. `lost` are records that the source served and no table holds, `twins` rows more than people,
    `charged_again` facts that were paid twice, `unknown` paid calls whose answer was lost: they count as spent.
    """

    served: int
    seen: int
    pending: int
    parked: int
    lost: int
    twins: int
    differences: tuple[str, ...]
    balanced: bool
    charged: int
    counted: int
    charged_again: int
    unknown: int
    searches: int

    def holds(self) -> bool:
        """Every record in one place, every credit counted, none paid twice."""
        return (
            self.balanced
            and not (self.lost or self.twins or self.pending or self.parked or self.charged_again or self.differences)
            and self.seen == self.served
            and self.charged <= self.counted
        )


def judge(town: Town) -> Verdict:
    """Compare the tables with the world."""
    ledger = asyncio.run(_ledger(town))
    tally = town.ask("/_sandbox/tally")
    people = [
        (f"apollo:{person.id}", person.slug if person.matched else None)
        for person in find_people(grow(SEED, PEOPLE, COMPANIES), _asked(town))
    ]
    rows = town.rows("SELECT provider_id, linkedin_url FROM contacts")
    keys = {key for key, _ in rows}
    profiles = [url.rpartition("/")[2] for _, url in rows if url]
    lost = [key for key, slug in people if key not in keys and slug not in set(profiles)]
    (spent,) = town.rows(
        "SELECT coalesce(sum(credits) FILTER (WHERE state <> 'void'), 0)::int,"
        " count(*) FILTER (WHERE state IN ('unknown', 'reserved'))::int FROM spend"
    )
    searches = tally["calls"]["apollo"]["paths"]
    return Verdict(
        served=len(people),
        seen=ledger.whole.seen,
        pending=ledger.whole.pending,
        parked=sum(ledger.whole.parked.values()),
        lost=len(lost),
        twins=len(profiles) - len(set(profiles)) + len(rows) - len(keys),
        differences=tuple(f"{one.cause} {one.expected}/{one.found}" for one in ledger.differences),
        balanced=ledger.balanced,
        charged=tally["credits"].get("apollo", 0),
        counted=spent[0],
        charged_again=tally["charged_twice"].get("apollo", 0),
        unknown=spent[1],
        searches=sum(number for path, number in searches.items() if "search" in path),
    )


async def _ledger(town: Town) -> Ledger:
    urls = town.urls()
    database = Database(urls.database_url, vault=VAULT)
    try:
        async with Redis.from_url(urls.redis_url) as redis:
            return await look(database, redis, CAMPAIGN)
    finally:
        await database.close()


def _asked(town: Town) -> dict[str, list[str] | str]:
    """The campaign's question in Apollo's words."""
    campaign = load(CAMPAIGN, [town.home / "campaigns"])
    spider = Apollo()
    spider.campaign = campaign
    spider.check({})
    return spider.target.body()
