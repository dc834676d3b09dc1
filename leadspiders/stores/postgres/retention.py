"""Lets go of what has been kept long enough: in short transactions, beside crawls, and from wherever it was stopped.

Companies stay, and so do receipts, spend and scores by count: what goes is the personal data. Every lead that is erased
is remembered by its id, so that the ledger still adds up and a restored backup forgets it once more. A row that a crawl
holds is left to the next run.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.errors import LockNotAvailable

from leadspiders.campaigns.upkeep import Retention
from leadspiders.rules.audit_chain import Chain
from leadspiders.stores.postgres import audit
from leadspiders.stores.postgres.ledger import remember_removal
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.raw_records import MONTHS, SCHEMA, following, month_of
from leadspiders.stores.postgres.retried import retried
from leadspiders.stores.postgres.rows import KeyedHash
from leadspiders.stores.postgres.suppressions import writers_wait

BATCH = 500
LOCK_SECONDS = 2  # to drop a month everybody is shut out for a moment: if it cannot be soon, then at the next run
CAUSE = "expired"

_CAMPAIGNS = "SELECT campaign FROM runs UNION SELECT DISTINCT campaign FROM receipts"

_RAW = "SELECT month, campaign, hash FROM raw_records WHERE campaign = %(campaign)s AND received_at < %(before)s"
_BY_CAMPAIGN = sql.SQL("SELECT campaign, count(*) FROM {} GROUP BY campaign")
_DROP_RAW = """
DELETE FROM raw_records WHERE (month, campaign, hash) IN (
  SELECT month, campaign, hash FROM raw_records
   WHERE month = ANY(%s::date[]) AND campaign = %s AND hash = ANY(%s) FOR UPDATE SKIP LOCKED)
"""

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

_PARKED = """
SELECT id FROM parked_records WHERE campaign = %(campaign)s AND created_at < %(before)s AND payload IS NOT NULL
"""
_EMPTY_PARKED = """
UPDATE parked_records SET payload = NULL
 WHERE id IN (SELECT id FROM parked_records WHERE id = ANY(%s) AND payload IS NOT NULL FOR UPDATE SKIP LOCKED)
"""
_REPLIES = "SELECT provider, fact FROM paid_replies WHERE received_at < %(before)s AND reply IS NOT NULL"
_DROP_REPLIES = """
DELETE FROM paid_replies WHERE (provider, fact) IN (
  SELECT r.provider, r.fact FROM paid_replies r JOIN unnest(%s::text[], %s::text[]) AS t (provider, fact)
      ON t.provider = r.provider AND t.fact = r.fact FOR UPDATE OF r SKIP LOCKED)
"""
_OLDEST_AUDIT = "SELECT min(at), count(*) FILTER (WHERE at < %(before)s) FROM audit"

_NEXT = {
    "raw": "SELECT min(received_at) FROM raw_records WHERE campaign = %(campaign)s",
    "leads": "SELECT min(updated_at) FROM prospects p WHERE campaign = %(campaign)s AND contact_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM lead_outcomes w WHERE w.lead_id = p.lead_id AND w.outcome = 'won')",
    "parked": "SELECT min(created_at) FROM parked_records WHERE campaign = %(campaign)s AND payload IS NOT NULL",
    "replies": "SELECT min(received_at) FROM paid_replies WHERE reply IS NOT NULL",
    "audit": "SELECT min(at) FROM audit",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What went of one kind (`raw`, `leads`, `parked`, `replies`, `audit`), or would go; `campaign` None: of all.

    `next_due` is the first moment at which the oldest of what is left may go.
    """

    kind: str
    campaign: str | None
    gone: int
    days: int
    next_due: datetime | None


class Retainer:
    """One run. `rules` are the campaigns' own; a campaign without a file is kept by the defaults.

    `chain` and `keyed_hash` are those of the installation.
    """

    def __init__(
        self,
        database: Database,
        *,
        rules: Mapping[str, Retention],
        chain: Chain,
        keyed_hash: KeyedHash,
        now: datetime,
        dry: bool = False,
    ) -> None:
        self._database = database
        self._rules = rules
        self._chain = chain
        self._hash = keyed_hash
        self._now = now
        self._dry = dry

    async def run(self, campaign: str | None = None) -> list[Step]:
        """Everything, or what belongs to one campaign alone."""
        names = [campaign] if campaign else sorted({*await self._campaigns(), *self._rules})
        steps = []
        dropped = Counter[str]() if campaign or self._dry else await self._drop_months(names)
        for name in names:
            rule = self._rules.get(name, Retention())
            raw = dropped[name] + await self._raw(name, rule.raw_days)
            steps.append(await self._step("raw", name, rule.raw_days, raw))
            steps.append(await self._step("leads", name, rule.leads_days, await self._leads(name, rule.leads_days)))
            steps.append(await self._step("parked", name, rule.leads_days, await self._parked(name, rule.leads_days)))
        if campaign is None:
            days = max(rule.leads_days for rule in [*self._rules.values(), Retention()])
            steps.append(await self._step("leads", None, days, await self._in_no_campaign(days), due=False))
            steps.append(await self._step("replies", None, days, await self._replies(days)))
            days = max(rule.audit_days for rule in [*self._rules.values(), Retention()])
            steps.append(await self._step("audit", None, days, await self._audit(days)))
        return steps

    async def _campaigns(self) -> list[str]:
        return [name for (name,) in await self._all(_CAMPAIGNS)]

    def _before(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    async def _step(self, kind: str, campaign: str | None, days: int, gone: int, *, due: bool = True) -> Step:
        oldest = (await self._all(_NEXT[kind], {"campaign": campaign}))[0][0] if due else None
        after = oldest + timedelta(days=days) if oldest else None
        return Step(kind=kind, campaign=campaign, gone=gone, days=days, next_due=after)

    async def _drop_months(self, names: Sequence[str]) -> Counter[str]:
        """Months that are too old for every campaign; returns how many rows went of each."""
        gone = Counter[str]()
        days = max([Retention().raw_days, *(self._rules[name].raw_days for name in names if name in self._rules)])
        for (name,) in await self._all(MONTHS, [SCHEMA]):
            if datetime.combine(following(month_of(name)), datetime.min.time(), UTC) >= self._before(days):
                continue
            async with self._database.connection() as connection:
                try:
                    async with connection.transaction():
                        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                        table = sql.Identifier(SCHEMA, name)
                        rows = await (await connection.execute(_BY_CAMPAIGN.format(table))).fetchall()
                        await connection.execute(sql.SQL("DROP TABLE {}").format(table))
                        gone += Counter(dict(rows))
                except LockNotAvailable:
                    continue  # its rows go by batches below
        return gone

    async def _raw(self, campaign: str, days: int) -> int:
        gone = 0
        async for batch in self._batches(_RAW, {"campaign": campaign, "before": self._before(days)}):
            months, hashes = sorted({row[0] for row in batch}), [row[2] for row in batch]
            gone += await self._change(_DROP_RAW, [months, campaign, hashes], len(batch))
        return gone

    async def _leads(self, campaign: str, days: int) -> int:
        values = self._kept() | {"campaign": campaign, "before": self._before(days)}
        return await self._erase_all(_OLD.format(kept=_KEPT), values)

    async def _in_no_campaign(self, days: int) -> int:
        return await self._erase_all(_OLD_IN_NONE, self._kept() | {"before": self._before(days)})

    async def _erase_all(self, query: str, values: dict[str, Any]) -> int:
        gone = 0
        async for batch in self._batches(query, values):
            ids = [row[0] for row in batch]
            gone += len(ids) if self._dry else await retried(partial(self._erase, ids, values))
        return gone

    async def _erase(self, ids: list[UUID], values: dict[str, Any]) -> int:
        """One short transaction; who was touched meanwhile, or is held by a crawl, stays."""
        async with self._database.connection() as connection:
            await writers_wait(connection)
            rows = await (await connection.execute(_STILL_OLD.format(kept=_KEPT), values | {"ids": ids})).fetchall()
            found = [row[0] for row in rows]
            leads = [self._hash("fact", row[1]).hex() for row in rows if row[1]]
            await connection.execute(_REPLIES_OF, [sorted({*await self._campaigns(), *self._rules}), leads])
            await _forget(connection, found)
        return len(found)

    async def _parked(self, campaign: str, days: int) -> int:
        gone = 0
        async for batch in self._batches(_PARKED, {"campaign": campaign, "before": self._before(days)}):
            gone += await self._change(_EMPTY_PARKED, [[row[0] for row in batch]], len(batch))
        return gone

    async def _replies(self, days: int) -> int:
        """Of whomever: also those of people who never became leads. That a fact was bought stays in the ledger."""
        gone = 0
        async for batch in self._batches(_REPLIES, {"before": self._before(days)}):
            columns = [list(column) for column in zip(*batch, strict=True)]
            gone += await self._change(_DROP_REPLIES, columns, len(batch))
        return gone

    async def _audit(self, days: int) -> int:
        """Day by day: whoever writes the trail waits while its beginning is taken off."""
        before = self._before(days)
        oldest, old = (await self._all(_OLDEST_AUDIT, {"before": before}))[0]
        if self._dry or not old:
            return int(old)
        gone = 0
        while oldest < before:
            oldest = min(oldest + timedelta(days=1), before)
            gone += await audit.drop_before(self._database, self._chain, oldest)
        return gone

    async def _change(self, statement: str, values: Sequence[Any], number: int) -> int:
        if self._dry:
            return number
        async with self._database.connection() as connection:
            return (await connection.execute(statement, values)).rowcount

    def _kept(self) -> dict[str, Any]:
        return {
            "campaigns": list(self._rules),
            "moments": [self._before(rule.leads_days) for rule in self._rules.values()],
            "otherwise": self._before(Retention().leads_days),
        }

    async def _batches(self, query: str, values: Mapping[str, Any]) -> AsyncIterator[list[tuple[Any, ...]]]:
        """All keys by one reading, so that the tables are gone through once; what is done with them is asked anew."""
        found = await self._all(query, values)
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]

    async def _all(self, query: str, values: Any = None) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            return await (await connection.execute(query, values)).fetchall()


async def _forget(connection: Connection, ids: list[UUID]) -> None:
    if ids:
        await remember_removal(connection, "contacts", ids, cause=CAUSE)
        await connection.execute(_PAIRS, {"ids": ids})
        await connection.execute(_ERASE_LEADS, [ids])
        await connection.execute(_ERASE, [ids])
