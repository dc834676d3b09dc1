"""What money bought: leads by how far they came, fields by who filled them; and the calls that nobody can tell of."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec
from psycopg.rows import class_row

from leadspiders.stores.postgres.lineage import long_names
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.prospects import STATES
from leadspiders.stores.postgres.tallies import tallies

_AMBIGUOUS = """
SELECT reserved_at AS at, provider, offer, fact, run_id, state, credits::float, usd::float
  FROM spend WHERE campaign = %s AND replaced_at IS NULL
   AND (state = 'unknown' OR (state = 'reserved' AND sent_at < now() - make_interval(secs => %s)))
 ORDER BY reserved_at, fact
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """Leads of a campaign, by how far they came."""

    total: int
    ready: int
    qualified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How often a provider filled a field, and what that field's share of the replies cost."""

    field: str
    provider: str
    filled: int
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """A fact that may have been charged without an answer. `fact` is its keyed hash; `reserved` is the state while
    nobody has noticed that its worker is gone."""

    at: datetime
    provider: str
    offer: str
    fact: str
    run_id: str
    state: str
    credits: float
    usd: float


async def leads(database: Database, campaign: str, *, lead: str) -> Leads:
    """`lead` is what the campaign counts: `contact` or `company`."""
    async with database.connection() as connection:
        counted = await tallies(connection, campaign, ["state", "qualified"], leads=[lead])
    number = {one.value or one.figure: one.number for one in counted}
    return Leads(
        total=sum(number.get(state, 0) for state in STATES),
        ready=number.get("ready", 0),
        qualified=number.get("qualified", 0),
    )


async def fields_filled(database: Database, campaign: str) -> Sequence[Filled]:
    """Fields that were paid for, the dearest first. A company is counted once, however many of its people are leads."""
    async with database.connection() as connection:
        counted = await tallies(connection, campaign, ["field"])
    filled: Counter[tuple[str, str]] = Counter()
    cost: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in counted:
        whose, names, provider = msgspec.json.decode(one.value)  # see `paid_fields` of the migration
        for name in long_names(names.split(",")):
            filled[whose + name, provider] += one.number
            cost[whose + name, provider] += one.usd
    return [
        Filled(field=field, provider=provider, filled=filled[field, provider], usd=float(usd))
        for (field, provider), usd in sorted(cost.items(), key=lambda one: (-one[1], one[0]))
    ]


async def ambiguous(database: Database, campaign: str, *, after_seconds: float) -> Sequence[Ambiguous]:
    """Facts whose charge is unknown, and those that were asked for so long ago that nobody settles them any more."""
    async with database.connection() as connection, connection.cursor(row_factory=class_row(Ambiguous)) as cursor:
        await cursor.execute(_AMBIGUOUS, [campaign, after_seconds])
        return await cursor.fetchall()
