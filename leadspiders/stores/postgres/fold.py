"""Makes one stored row of two that turned out to be the same company or person.

What refers to the row that goes is passed on to the one that stays: prospects, deliveries and their ids at the CRM, so
that the lead is not created there a second time. A delivery that is under way meanwhile finds the row that stays when
it is settled.
"""

from collections.abc import Sequence
from uuid import UUID

from leadspiders.stores.postgres.pool import Connection

# In a campaign that has both: the better state, and the delivery that got further.
_BETTER_STATE = """
UPDATE prospects kept SET lead_state = gone.lead_state, updated_at = now(),
       is_qualified = kept.is_qualified AND gone.lead_state <> 'suppressed'
  FROM prospects gone
 WHERE kept.lead_id = %(kept)s AND gone.lead_id = %(gone)s AND gone.campaign = kept.campaign
   AND array_position(ARRAY['rejected', 'raw', 'identified', 'enriched', 'ready', 'suppressed'], gone.lead_state)
       > array_position(ARRAY['rejected', 'raw', 'identified', 'enriched', 'ready', 'suppressed'], kept.lead_state)
"""
_KNOWN_THERE = """
UPDATE outbox kept SET external_id = coalesce(kept.external_id, gone.external_id), updated_at = now(),
       other_ids = kept.other_ids || gone.other_ids
                   || CASE WHEN gone.external_id <> kept.external_id THEN ARRAY[gone.external_id] ELSE '{}' END
  FROM outbox gone
 WHERE kept.lead_id = %(kept)s AND gone.lead_id = %(gone)s
   AND gone.campaign = kept.campaign AND gone.destination = kept.destination
"""
_MOVE_DELIVERIES = """
UPDATE outbox SET lead_id = %(kept)s, updated_at = now()
 WHERE lead_id = %(gone)s
   AND EXISTS (SELECT FROM prospects p WHERE p.campaign = outbox.campaign AND p.lead_id = %(kept)s)
   AND NOT EXISTS (SELECT FROM outbox o WHERE o.campaign = outbox.campaign AND o.lead_id = %(kept)s
                    AND o.destination = outbox.destination)
"""
_MOVE_PROSPECTS = """
UPDATE prospects SET lead_id = %(kept)s, {column} = %(kept)s, updated_at = now()
 WHERE lead_id = %(gone)s
   AND NOT EXISTS (SELECT FROM prospects p WHERE p.campaign = prospects.campaign AND p.lead_id = %(kept)s)
"""
_MOVE_OUTCOMES = """
UPDATE lead_outcomes SET lead_id = %(kept)s
 WHERE lead_id = %(gone)s
   AND EXISTS (SELECT FROM prospects p WHERE p.campaign = lead_outcomes.campaign AND p.lead_id = %(kept)s)
   AND NOT EXISTS (SELECT FROM lead_outcomes o WHERE o.campaign = lead_outcomes.campaign AND o.lead_id = %(kept)s)
"""
# What people decided of the one that goes holds for the one that stays; a pair of the two is decided.
_MOVE_PAIRS = """
UPDATE pairs SET one = least(x.mate, %(kept)s), other = greatest(x.mate, %(kept)s)
  FROM (SELECT id, CASE one WHEN %(gone)s THEN other ELSE one END AS mate FROM pairs WHERE %(gone)s IN (one, other)) x
 WHERE pairs.id = x.id AND x.mate <> %(kept)s
   AND NOT EXISTS (SELECT FROM pairs p WHERE p.one = least(x.mate, %(kept)s) AND p.other = greatest(x.mate, %(kept)s))
"""
_DROP_PAIRS = "DELETE FROM pairs WHERE %(gone)s IN (one, other)"
_REMEMBER = """
INSERT INTO removed_rows (id, relation, cause, kept, run_id, receipt, record_index)
SELECT id, '{relation}', 'folded', %(kept)s, run_id, receipt, record_index FROM {relation} WHERE id = %(gone)s
"""
_PEOPLE = "UPDATE contacts SET company_id = %(kept)s WHERE company_id = %(gone)s"

_COMPANIES = (
    _PEOPLE,
    _BETTER_STATE,
    _KNOWN_THERE,
    _MOVE_DELIVERIES,
    _MOVE_OUTCOMES,
    _MOVE_PROSPECTS.format(column="company_id"),
    _MOVE_PAIRS,
    _DROP_PAIRS,
    _REMEMBER.format(relation="companies"),
    "DELETE FROM companies WHERE id = %(gone)s",
)
_CONTACTS = (
    _BETTER_STATE,
    _KNOWN_THERE,
    _MOVE_DELIVERIES,
    _MOVE_OUTCOMES,
    _MOVE_PROSPECTS.format(column="contact_id"),
    _MOVE_PAIRS,
    _DROP_PAIRS,
    _REMEMBER.format(relation="contacts"),
    "DELETE FROM contacts WHERE id = %(gone)s",
)


async def fold_companies(connection: Connection, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Each pair is `(kept, gone)`; the values of the row that goes were merged by the caller."""
    await _fold(connection, _COMPANIES, pairs)


async def fold_contacts(connection: Connection, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Each pair is `(kept, gone)`; the values of the row that goes were merged by the caller."""
    await _fold(connection, _CONTACTS, pairs)


async def _fold(connection: Connection, statements: Sequence[str], pairs: Sequence[tuple[UUID, UUID]]) -> None:
    for kept, gone in pairs:
        for statement in statements:
            await connection.execute(statement, {"kept": kept, "gone": gone})
