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
from leadspiders.stores.postgres.due_leads import DueLead, Unreadable, due_leads
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.rows import Row
from leadspiders.stores.postgres.tallies import tallies
from leadspiders.stores.postgres.text import storable

TRIES = 3
FIRST_PAUSE_SECONDS = 60

_GIVE_UP = """
UPDATE outbox SET state = 'dead', last_error = coalesce(last_error, 'three workers ended without an answer'),
       leased_until = NULL, updated_at = now()
 WHERE campaign = %(campaign)s AND destination = %(destination)s AND state = 'leased' AND leased_until < now()
   AND attempts >= %(tries)s
"""
# Who was withdrawn or opted out while the lead was under way goes no further.
_CLAIM = """
WITH lot AS (
  SELECT o.id AS taken, (SELECT p.lead_state IN ('rejected', 'suppressed') FROM prospects p
                          WHERE p.lead_id = o.lead_id AND p.campaign = o.campaign) AS gone
    FROM outbox o
   WHERE campaign = %(campaign)s AND destination = %(destination)s
     AND (state IN ('pending', 'failed') AND coalesce(retry_at <= now(), true)
          OR state = 'leased' AND leased_until < now())
     AND (%(only)s::uuid[] IS NULL OR lead_id = ANY(%(only)s))
   ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE outbox SET state = CASE WHEN gone THEN 'suppressed' ELSE 'leased' END, updated_at = now(),
       attempts = CASE WHEN gone THEN 0 ELSE attempts + 1 END,
       leased_until = CASE WHEN NOT gone THEN now() + make_interval(secs => %(seconds)s) END,
       last_error = CASE WHEN NOT gone THEN last_error END, retry_at = CASE WHEN NOT gone THEN retry_at END
  FROM lot WHERE id = taken
RETURNING id, lead_id, external_id, attempts, version, gone
"""

# What was sent is noted even when the lease had run out: the lead is there, and must not be created again.
_SENT = """
UPDATE outbox SET state = CASE WHEN version = %(version)s THEN 'sent' ELSE 'pending' END, attempts = 0,
       external_id = coalesce(%(external_id)s, external_id), last_error = %(error)s, leased_until = NULL,
       other_ids = CASE WHEN external_id <> %(external_id)s THEN array_remove(other_ids, external_id) || external_id
                        ELSE other_ids END,
       retry_at = NULL, sent_at = now(), updated_at = now()
 WHERE id = %(id)s
"""
# The lead was folded into another meanwhile, which is in the outbox itself: it is there by this id, or by it too.
_SENT_AS_ANOTHER = """
WITH RECURSIVE now AS (
  SELECT kept FROM removed_rows WHERE id = %(lead_id)s UNION
  SELECT r.kept FROM removed_rows r JOIN now ON now.kept = r.id)
UPDATE outbox SET external_id = coalesce(external_id, %(external_id)s), updated_at = now(),
       other_ids = CASE WHEN external_id = %(external_id)s OR external_id IS NULL THEN other_ids
                        ELSE array_append(array_remove(other_ids, %(external_id)s), %(external_id)s) END
 WHERE campaign = %(campaign)s AND destination = %(destination)s AND lead_id IN (SELECT kept FROM now)
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
_RETRY = """
UPDATE outbox SET state = 'pending', attempts = 0, retry_at = NULL, updated_at = now()
 WHERE campaign = %s AND destination = %s AND state = 'dead'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One lead for one destination: `lead` is whole, with company and scores. `external_id` is what the destination
    called it before, None when it was never there. `attempts` counts this one; `traits` are hashes by which an opt-out
    may name the lead besides what it shows, such as an address that lost to another.
    """

    id: int
    campaign: str
    destination: str
    lead: Contact | Company
    external_id: str | None
    attempts: int
    version: int
    traits: frozenset[bytes] = frozenset()

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
    """Take up to `limit` waiting leads, the oldest first; `only` narrows it to these. No two workers get the same.

    Leads that have left the campaign meanwhile wait no longer, and are none of them; nor are those that cannot be read,
    which have failed.
    """
    values = {"campaign": campaign, "destination": destination, "tries": TRIES, "seconds": lease_seconds}
    values["only"] = None if only is None else list(only)
    claimed: list[Row] = []
    async with database.connection() as connection:
        await connection.execute(_GIVE_UP, values)
        async with connection.cursor(row_factory=dict_row) as cursor:
            more = True
            while more:
                await cursor.execute(_CLAIM, values | {"limit": limit - len(claimed)})
                lot = await cursor.fetchall()
                claimed += sorted((row for row in lot if not row["gone"]), key=lambda row: row["id"])
                more = any(row["gone"] for row in lot)
        leads = await due_leads(connection, campaign, [row["lead_id"] for row in claimed])
        for row in claimed:
            if isinstance(unread := leads[row["lead_id"]], Unreadable):
                pause = {"error": unread.reason, "retry_at": None, "pause": FIRST_PAUSE_SECONDS}
                await connection.execute(_FAILED, values | row | pause)
    return [
        Delivery(
            id=row["id"],
            campaign=campaign,
            destination=destination,
            lead=due.lead,
            traits=due.traits,
            external_id=row["external_id"],
            attempts=row["attempts"],
            version=row["version"],
        )
        for row in claimed
        if isinstance(due := leads[row["lead_id"]], DueLead)
    ]


async def settle(database: Database, settlements: Sequence[Settlement]) -> None:
    """Note what became of deliveries, in one transaction."""
    async with database.connection() as connection:
        for settlement in sorted(settlements, key=lambda one: one.delivery.id):
            delivery = settlement.delivery
            values = {
                "id": delivery.id,
                "lead_id": delivery.lead_id,
                "campaign": delivery.campaign,
                "destination": delivery.destination,
                "version": delivery.version,
                "attempts": delivery.attempts,
                "external_id": settlement.external_id,
                "error": settlement.error and storable(settlement.error),
                "retry_at": settlement.retry_at,
                "tries": TRIES,
                "pause": FIRST_PAUSE_SECONDS,
            }
            noted = (await connection.execute(_STATEMENTS[settlement.outcome], values)).rowcount
            if settlement.external_id and settlement.outcome == "sent" and not noted:
                await connection.execute(_SENT_AS_ANOTHER, values)


async def extend(database: Database, deliveries: Sequence[Delivery], *, lease_seconds: float) -> int:
    """Keep deliveries that are still under way from being taken by others; returns how many were still leased."""
    ids, attempts = [one.id for one in deliveries], [one.attempts for one in deliveries]
    async with database.connection() as connection:
        return (await connection.execute(_EXTEND, [lease_seconds, ids, attempts])).rowcount


async def counts(database: Database, campaign: str) -> dict[str, dict[str, int]]:
    """Destination -> state (pending, leased, sent, failed, dead, suppressed) -> leads."""
    found: dict[str, dict[str, int]] = {}
    async with database.connection() as connection:
        for one in await tallies(connection, campaign, ["delivery"]):
            state, _, destination = one.value.partition(" ")
            found.setdefault(destination, {})[state] = one.number
    return found


async def retry_dead(database: Database, campaign: str, destination: str) -> int:
    """Let what was given up wait again, once its cause is mended; returns how many."""
    async with database.connection() as connection:
        return (await connection.execute(_RETRY, [campaign, destination])).rowcount
