"""What money bought: leads by how far they came, fields by who filled them; and the calls that nobody can tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from leadspiders.stores.postgres.pool import Database

_LEADS = """
SELECT count(*) AS total, count(*) FILTER (WHERE lead_state = 'ready') AS ready,
       count(*) FILTER (WHERE is_qualified) AS qualified
  FROM prospects WHERE campaign = %s AND (contact_id IS NULL) = %s AND lead_state <> 'rejected'
"""
# A company is counted once, however many of its people are leads. What cost nothing was told by a source.
_FIELDS = """
WITH people AS (
  SELECT c.company_id, c.lineage FROM prospects p JOIN contacts c ON c.id = p.contact_id
   WHERE p.campaign = %(campaign)s),
employers AS (
  SELECT lineage FROM companies WHERE id IN (
    SELECT company_id FROM people UNION SELECT company_id FROM prospects WHERE campaign = %(campaign)s)),
told AS (
  SELECT said.key AS field, said.value FROM people, jsonb_each(people.lineage) AS said
  UNION ALL
  SELECT 'company.' || said.key, said.value FROM employers, jsonb_each(employers.lineage) AS said)
SELECT field, value ->> 0 AS provider, count(*)::int AS filled, sum((value ->> 4)::numeric)::float AS usd
  FROM told WHERE (value ->> 4)::numeric > 0 GROUP BY 1, 2 ORDER BY usd DESC, field, provider
"""
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
    async with database.connection() as connection, connection.cursor(row_factory=class_row(Leads)) as cursor:
        await cursor.execute(_LEADS, [campaign, lead == "company"])
        return await cursor.fetchone() or Leads(total=0, ready=0, qualified=0)


async def fields_filled(database: Database, campaign: str) -> Sequence[Filled]:
    """Fields that were paid for, the dearest first."""
    async with database.connection() as connection, connection.cursor(row_factory=class_row(Filled)) as cursor:
        await cursor.execute(_FIELDS, {"campaign": campaign})
        return await cursor.fetchall()


async def ambiguous(database: Database, campaign: str, *, after_seconds: float) -> Sequence[Ambiguous]:
    """Facts whose charge is unknown, and those that were asked for so long ago that nobody settles them any more."""
    async with database.connection() as connection, connection.cursor(row_factory=class_row(Ambiguous)) as cursor:
        await cursor.execute(_AMBIGUOUS, [campaign, after_seconds])
        return await cursor.fetchall()
