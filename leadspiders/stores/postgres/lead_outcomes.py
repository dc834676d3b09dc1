"""What became of leads: taken in from the CRM, and counted by the variant that judged them.

An outcome remembers the variant and the verdict of the day it came in: a later rescoring moves it to no other side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from leadspiders.stores.postgres.pool import Connection, Database

# A person's key finds the person, or in a campaign of employers the person's employer.
_PERSON = """
SELECT DISTINCT ON (k.place) k.place, p.lead_id FROM unnest(%(places)s::int[], %(keys)s::{type}[]) AS k (place, key)
  JOIN contacts c ON {match}
  JOIN prospects p ON p.campaign = %(campaign)s AND p.lead_id IN (c.id, c.company_id)
 ORDER BY k.place, p.lead_id = c.id DESC
"""
_COMPANY = """
SELECT DISTINCT ON (k.place) k.place, p.lead_id FROM unnest(%(places)s::int[], %(keys)s::{type}[]) AS k (place, key)
  JOIN companies f ON {match}
  JOIN prospects p ON p.campaign = %(campaign)s AND p.lead_id = f.id
 ORDER BY k.place, f.created_at
"""
_QUERIES = {
    "id": (
        _PERSON.format(type="uuid", match="c.id = k.key"),
        _COMPANY.format(type="uuid", match="f.id = k.key"),
    ),
    "linkedin": (_PERSON.format(type="bytea", match="c.linkedin_key = k.key"),),
    "email": (
        _PERSON.format(type="bytea", match="c.email_key = k.key"),
        _PERSON.format(type="bytea", match="c.email_hash = k.key AND c.email_hash IS NOT NULL AND c.email_key IS NULL"),
    ),
    "phone": (_PERSON.format(type="bytea", match="c.phone_hash = k.key"),),
    "provider": (
        _PERSON.format(type="bytea", match="c.provider_key = k.key"),
        _COMPANY.format(type="bytea", match="f.provider_key = k.key"),
    ),
    "domain": (_COMPANY.format(type="bytea", match="f.domain_key = k.key"),),
    "uei": (_COMPANY.format(type="text", match="f.uei = k.key"),),
    "company-linkedin": (_COMPANY.format(type="text", match="f.linkedin_url = k.key"),),
}
_RECORD = """
INSERT INTO lead_outcomes (campaign, lead_id, outcome, value_usd, happened_at, variant, was_qualified, source)
SELECT p.campaign, p.lead_id, o.outcome, o.value_usd, o.happened_at, p.variant, p.is_qualified, %(source)s
  FROM unnest(%(leads)s::uuid[], %(outcomes)s::text[], %(values)s::numeric[], %(moments)s::timestamptz[])
       AS o (lead_id, outcome, value_usd, happened_at)
  JOIN prospects p ON p.campaign = %(campaign)s AND p.lead_id = o.lead_id
ON CONFLICT (campaign, lead_id) DO UPDATE
   SET outcome = excluded.outcome, value_usd = excluded.value_usd, happened_at = excluded.happened_at,
       source = excluded.source, imported_at = now()
 -- An older file does not undo what is newer.
 WHERE lead_outcomes.happened_at IS NULL OR excluded.happened_at >= lead_outcomes.happened_at
RETURNING xmax = 0
"""
_ARMS = """
SELECT variant, sum(leads)::int AS leads, sum(qualified)::int AS qualified, sum(outcomes)::int AS outcomes,
       sum(won)::int AS won, sum(qualified_outcomes)::int AS qualified_outcomes,
       sum(qualified_won)::int AS qualified_won, sum(value_usd)::float AS value_usd
  FROM (SELECT value AS variant, CASE figure WHEN 'variant' THEN number ELSE 0 END AS leads,
               CASE figure WHEN 'variant' THEN 0 ELSE number END AS qualified, 0 AS outcomes, 0 AS won,
               0 AS qualified_outcomes, 0 AS qualified_won, 0 AS value_usd
          FROM tallied
         WHERE campaign = %(campaign)s AND lead IN ('contact', 'company') AND number > 0
           AND figure IN ('variant', 'variant qualified')
        UNION ALL
        SELECT variant, 0, 0, count(*), count(*) FILTER (WHERE outcome = 'won'),
               count(*) FILTER (WHERE was_qualified), count(*) FILTER (WHERE was_qualified AND outcome = 'won'),
               coalesce(sum(value_usd) FILTER (WHERE outcome = 'won'), 0)
          FROM lead_outcomes WHERE campaign = %(campaign)s AND variant IS NOT NULL GROUP BY variant) AS both_sides
 GROUP BY variant ORDER BY variant
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One outcome of a lead that was found; `outcome` is won or lost."""

    lead_id: UUID
    outcome: str
    happened_at: datetime | None
    value_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """One variant: its leads, and the outcomes that came in for them."""

    variant: str
    leads: int
    qualified: int
    outcomes: int
    won: int
    qualified_outcomes: int
    qualified_won: int
    value_usd: float


async def find(database: Database, campaign: str, kind: str, keys: Mapping[int, object]) -> dict[int, UUID]:
    """Place of a key -> the lead of the campaign that it names.

    `kind` is one of `rules.lookup_key`; keys are ids, UEIs and company pages in clear, else hashes.
    """
    found: dict[int, UUID] = {}
    async with database.connection() as connection:
        for query in _QUERIES[kind]:
            wanted = {place: key for place, key in keys.items() if place not in found}
            found |= await _found(connection, query, campaign, wanted)
    return found


async def record(database: Database, campaign: str, outcomes: Sequence[Known], *, source: str) -> tuple[int, int]:
    """Keep outcomes, the last of each lead; returns how many are new, and how many were known and are overwritten."""
    last = {one.lead_id: one for one in outcomes}
    values = {
        "campaign": campaign,
        "source": source,
        "leads": list(last),
        "outcomes": [one.outcome for one in last.values()],
        "values": [one.value_usd for one in last.values()],
        "moments": [one.happened_at for one in last.values()],
    }
    async with database.connection() as connection:
        rows = await (await connection.execute(_RECORD, values)).fetchall()
    fresh = sum(bool(row[0]) for row in rows)
    return fresh, len(rows) - fresh


async def arms(database: Database, campaign: str) -> list[ArmCounts]:
    """The variants of a campaign by name."""
    async with database.connection() as connection, connection.cursor(row_factory=class_row(ArmCounts)) as cursor:
        await cursor.execute(_ARMS, {"campaign": campaign})
        return await cursor.fetchall()


async def _found(connection: Connection, query: str, campaign: str, keys: Mapping[int, object]) -> dict[int, UUID]:
    values = {"campaign": campaign, "places": list(keys), "keys": list(keys.values())}
    return dict(await (await connection.execute(query, values)).fetchall())
