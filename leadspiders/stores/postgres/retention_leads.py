"""Lets go of people: once no campaign that has them keeps them longer, with the replies that were paid for about them.

Every lead that is erased is remembered by its id, so that the ledger still adds up and a restored backup forgets it
once more. A row that a crawl holds is left to the next run.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from leadspiders.campaigns.upkeep import Retention
from leadspiders.stores.postgres.ledger import remember_removal
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.retention_sweep import Sweep
from leadspiders.stores.postgres.retried import retried
from leadspiders.stores.postgres.rows import KeyedHash
from leadspiders.stores.postgres.suppressions import writers_wait

CAUSE = "expired"
CAMPAIGNS = "SELECT campaign FROM runs UNION SELECT DISTINCT campaign FROM receipts"

# A person goes when no campaign that has them as a lead keeps them longer, and none of them was won.
_KEPT = """
EXISTS (SELECT FROM prospects q
          LEFT JOIN unnest(%(campaigns)s::text[], %(moments)s::timestamptz[]) AS k (campaign, since)
            ON k.campaign = q.campaign
         WHERE q.lead_id = c.id AND (q.updated_at >= coalesce(k.since, %(otherwise)s)
            OR EXISTS (SELECT FROM outbox o WHERE o.lead_id = q.lead_id AND o.campaign = q.campaign
                                              AND o.updated_at >= coalesce(k.since, %(otherwise)s))
            OR EXISTS (SELECT FROM lead_outcomes w WHERE w.lead_id = q.lead_id AND w.outcome = 'won')))
"""
_OLD = """
SELECT c.id FROM prospects p JOIN contacts c ON c.id = p.contact_id
 WHERE p.campaign = %(campaign)s AND p.updated_at < %(before)s AND c.updated_at < %(before)s
   AND NOT {kept}
"""
_OLD_IN_NONE = """
SELECT c.id FROM contacts c
 WHERE c.updated_at < %(before)s AND NOT EXISTS (SELECT FROM prospects p WHERE p.contact_id = c.id)
"""
_STILL_OLD = """
SELECT c.id, c.provider_id FROM contacts c
 WHERE c.id = ANY(%(ids)s) AND c.updated_at < %(before)s AND NOT {kept}
   FOR UPDATE SKIP LOCKED
"""
_REPLIES_OF = """
DELETE FROM paid_replies r USING spend s
 WHERE s.campaign = ANY(%s) AND s.lead = ANY(%s) AND r.provider = s.provider AND r.fact = s.fact
"""
_PAIRS = "DELETE FROM pairs WHERE one = ANY(%(ids)s) OR other = ANY(%(ids)s)"
_ERASE_LEADS = "DELETE FROM prospects WHERE contact_id = ANY(%s)"  # together: by themselves they go one by one
_ERASE = "DELETE FROM contacts WHERE id = ANY(%s)"


class OldLeads:
    """Those of one run; `rules` are the campaigns' own, `keyed_hash` is that of the installation."""

    def __init__(self, sweep: Sweep, rules: Mapping[str, Retention], keyed_hash: KeyedHash) -> None:
        self._sweep = sweep
        self._rules = rules
        self._hash = keyed_hash

    async def drop(self, campaign: str, days: int) -> int:
        """Erase those of one campaign; returns how many."""
        values = self._kept() | {"campaign": campaign, "before": self._sweep.before(days)}
        return await self._erase_all(_OLD.format(kept=_KEPT), values)

    async def drop_in_no_campaign(self, days: int) -> int:
        """Erase those whom no campaign has; returns how many."""
        return await self._erase_all(_OLD_IN_NONE, self._kept() | {"before": self._sweep.before(days)})

    async def _erase_all(self, query: str, values: dict[str, Any]) -> int:
        gone = 0
        async for batch in self._sweep.batches(query, values):
            ids = [row[0] for row in batch]
            gone += len(ids) if self._sweep.dry else await retried(partial(self._erase, ids, values))
        return gone

    async def _erase(self, ids: list[UUID], values: dict[str, Any]) -> int:
        """One short transaction; who was touched meanwhile, or is held by a crawl, stays."""
        async with self._sweep.database.connection() as connection:
            await writers_wait(connection)
            rows = await (await connection.execute(_STILL_OLD.format(kept=_KEPT), values | {"ids": ids})).fetchall()
            found = [row[0] for row in rows]
            leads = [self._hash("fact", row[1]).hex() for row in rows if row[1]]
            names = {name for (name,) in await self._sweep.all(CAMPAIGNS)}
            await connection.execute(_REPLIES_OF, [sorted({*names, *self._rules}), leads])
            await _forget(connection, found)
        return len(found)

    def _kept(self) -> dict[str, Any]:
        return {
            "campaigns": list(self._rules),
            "moments": [self._sweep.before(rule.leads_days) for rule in self._rules.values()],
            "otherwise": self._sweep.before(Retention().leads_days),
        }


async def _forget(connection: Connection, ids: list[UUID]) -> None:
    if ids:
        await remember_removal(connection, "contacts", ids, cause=CAUSE)
        await connection.execute(_PAIRS, {"ids": ids})
        await connection.execute(_ERASE_LEADS, [ids])
        await connection.execute(_ERASE, [ids])
