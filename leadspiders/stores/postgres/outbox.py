"""What waits for the CRMs and dialers: leased in small lots, and settled with what became of each.

A lease that runs out is taken by the next worker. A lead that changed while it was being sent waits again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.prospects import read_scores
from leadspiders.stores.postgres.rows import Row, opened, read_company, read_contact
from leadspiders.stores.postgres.text import storable

TRIES = 3
FIRST_PAUSE_SECONDS = 60

_GIVE_UP = """
UPDATE outbox SET state = 'dead', last_error = coalesce(last_error, 'three workers ended without an answer'),
       leased_until = NULL, updated_at = now()
 WHERE campaign = %(campaign)s AND destination = %(destination)s AND state = 'leased' AND leased_until < now()
   AND attempts >= %(tries)s
"""
_CLAIM = """
UPDATE outbox SET state = 'leased', attempts = attempts + 1, updated_at = now(),
       leased_until = now() + make_interval(secs => %(seconds)s)
 WHERE id IN (
   SELECT id FROM outbox
    WHERE campaign = %(campaign)s AND destination = %(destination)s
      AND (state IN ('pending', 'failed') AND coalesce(retry_at <= now(), true)
           OR state = 'leased' AND leased_until < now())
      AND (%(only)s::uuid[] IS NULL OR lead_id = ANY(%(only)s))
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id, lead_id, external_id, attempts, version
"""
_PROSPECTS = "SELECT * FROM prospects WHERE campaign = %s AND lead_id = ANY(%s)"
_CONTACTS = "SELECT * FROM contacts WHERE id = ANY(%s)"
_COMPANIES = "SELECT * FROM companies WHERE id = ANY(%s)"

# What was sent is noted even when the lease had run out: the lead is there, and must not be created again.
_SENT = """
UPDATE outbox SET state = CASE WHEN version = %(version)s THEN 'sent' ELSE 'pending' END, attempts = 0,
       external_id = coalesce(%(external_id)s, external_id), last_error = %(error)s, leased_until = NULL,
       retry_at = NULL, sent_at = now(), updated_at = now()
 WHERE id = %(id)s
"""
_FAILED = """
UPDATE outbox SET state = CASE WHEN attempts >= %(tries)s THEN 'dead' ELSE 'failed' END, last_error = %(error)s,
       external_id = coalesce(%(external_id)s, external_id), leased_until = NULL, updated_at = now(),
       retry_at = coalesce(%(retry_at)s, now() + make_interval(secs => %(pause)s * attempts))
 WHERE id = %(id)s AND state = 'leased' AND attempts = %(attempts)s
"""
_LATER = """
UPDATE outbox SET state = 'pending', attempts = attempts - 1, leased_until = NULL, retry_at = %(retry_at)s,
       last_error = coalesce(%(error)s, last_error), updated_at = now()
 WHERE id = %(id)s AND state = 'leased' AND attempts = %(attempts)s
"""
# The external id stays: what was sent earlier has to be found again, to be erased there.
_SUPPRESSED = """
UPDATE outbox SET state = 'suppressed', attempts = 0, last_error = NULL, leased_until = NULL, retry_at = NULL,
       updated_at = now()
 WHERE id = %(id)s AND state = 'leased' AND attempts = %(attempts)s
"""
_STATEMENTS = {"sent": _SENT, "failed": _FAILED, "later": _LATER, "suppressed": _SUPPRESSED}
_EXTEND = """
UPDATE outbox SET leased_until = now() + make_interval(secs => %s)
  FROM unnest(%s::bigint[], %s::int[]) AS held (id, attempts)
 WHERE outbox.id = held.id AND outbox.attempts = held.attempts AND outbox.state = 'leased'
"""
_COUNTS = "SELECT destination, state, count(*) FROM outbox WHERE campaign = %s GROUP BY destination, state"
_RETRY = """
UPDATE outbox SET state = 'pending', attempts = 0, retry_at = NULL, updated_at = now()
 WHERE campaign = %s AND destination = %s AND state = 'dead'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One lead for one destination: `lead` is whole, with company and scores. `external_id` is what the destination
    called it before, None when it was never there. `attempts` counts this one.
    """

    id: int
    campaign: str
    destination: str
    lead: Contact | Company
    external_id: str | None
    attempts: int
    version: int

    @property
    def lead_id(self) -> UUID:
        """The row of the contact or company."""
        assert self.lead.id
        return self.lead.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of a delivery: sent (`error` then is a remark); failed (`error`; tried again after a pause or at
    `retry_at`, three times in all); later: it was not tried, and waits until `retry_at` without a try being counted; or
    suppressed: the person opted out, and it is not sent.
    """

    delivery: Delivery
    outcome: Literal["sent", "failed", "later", "suppressed"]
    external_id: str | None = None
    error: str | None = None
    retry_at: datetime | None = None


async def claim(
    database: Database,
    campaign: str,
    destination: str,
    *,
    limit: int,
    lease_seconds: float,
    only: Sequence[UUID] | None = None,
) -> list[Delivery]:
    """Take up to `limit` waiting leads, the oldest first; `only` narrows it to these. No two workers get the same."""
    values = {"campaign": campaign, "destination": destination, "tries": TRIES}
    async with database.connection() as connection:
        await connection.execute(_GIVE_UP, values)
        lot = {"seconds": lease_seconds, "limit": limit, "only": None if only is None else list(only)}
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(_CLAIM, values | lot)
            claimed = sorted(await cursor.fetchall(), key=lambda row: row["id"])
        leads = await _leads(connection, campaign, [row["lead_id"] for row in claimed])
    return [
        Delivery(
            id=row["id"],
            campaign=campaign,
            destination=destination,
            lead=leads[row["lead_id"]],
            external_id=row["external_id"],
            attempts=row["attempts"],
            version=row["version"],
        )
        for row in claimed
    ]


async def settle(database: Database, settlements: Sequence[Settlement]) -> None:
    """Note what became of deliveries, in one transaction."""
    async with database.connection() as connection:
        for settlement in sorted(settlements, key=lambda one: one.delivery.id):
            delivery = settlement.delivery
            values = {
                "id": delivery.id,
                "version": delivery.version,
                "attempts": delivery.attempts,
                "external_id": settlement.external_id,
                "error": settlement.error and storable(settlement.error),
                "retry_at": settlement.retry_at,
                "tries": TRIES,
                "pause": FIRST_PAUSE_SECONDS,
            }
            await connection.execute(_STATEMENTS[settlement.outcome], values)


async def extend(database: Database, deliveries: Sequence[Delivery], *, lease_seconds: float) -> int:
    """Keep deliveries that are still under way from being taken by others; returns how many were still leased."""
    ids, attempts = [one.id for one in deliveries], [one.attempts for one in deliveries]
    async with database.connection() as connection:
        return (await connection.execute(_EXTEND, [lease_seconds, ids, attempts])).rowcount


async def counts(database: Database, campaign: str) -> dict[str, dict[str, int]]:
    """Destination -> state (pending, leased, sent, failed, dead, suppressed) -> leads."""
    found: dict[str, dict[str, int]] = {}
    async with database.connection() as connection:
        for destination, state, number in await (await connection.execute(_COUNTS, [campaign])).fetchall():
            found.setdefault(destination, {})[state] = number
    return found


async def retry_dead(database: Database, campaign: str, destination: str) -> int:
    """Let what was given up wait again, once its cause is mended; returns how many."""
    async with database.connection() as connection:
        return (await connection.execute(_RETRY, [campaign, destination])).rowcount


async def _leads(connection: Connection, campaign: str, ids: list[UUID]) -> dict[UUID, Contact | Company]:
    if not ids:
        return {}
    prospects = await _by_id(connection, _PROSPECTS, [campaign, ids], key="lead_id")
    contacts = await _by_id(connection, _CONTACTS, [[row["contact_id"] for row in prospects.values()]])
    opened(connection, "contacts", list(contacts.values()))
    company_ids = [row["company_id"] for row in (*prospects.values(), *contacts.values())]
    companies = await _by_id(connection, _COMPANIES, [company_ids])
    opened(connection, "companies", list(companies.values()))
    leads: dict[UUID, Contact | Company] = {}
    for id_, prospect in prospects.items():
        lead: Contact | Company
        if prospect["contact_id"]:
            row = contacts[id_]
            company = companies.get(row["company_id"])
            lead = read_contact(row, read_company(company) if company else None)
            lead.lead_state = prospect["lead_state"]
        else:
            lead = read_company(companies[id_])
        lead.scores = read_scores(prospect)
        leads[id_] = lead
    return leads


async def _by_id(connection: Connection, query: str, values: list[object], key: str = "id") -> dict[UUID, Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return {row[key]: row for row in await cursor.fetchall()}
