"""Lets go of what has been kept long enough: in short transactions, beside crawls, and from wherever it was stopped.

Companies stay, and so do receipts, spend and scores by count: what goes is the personal data.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadspiders.campaigns.upkeep import Retention
from leadspiders.rules.audit_chain import Chain
from leadspiders.stores.postgres import audit
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.retention_leads import CAMPAIGNS, OldLeads
from leadspiders.stores.postgres.retention_raw import drop_months, drop_raw
from leadspiders.stores.postgres.retention_sweep import Sweep
from leadspiders.stores.postgres.rows import KeyedHash

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
        self._sweep = Sweep(database, now=now, dry=dry)
        self._leads = OldLeads(self._sweep, rules, keyed_hash)

    async def run(self, campaign: str | None = None) -> list[Step]:
        """Everything, or what belongs to one campaign alone."""
        names = [campaign] if campaign else sorted({*await self._campaigns(), *self._rules})
        rules = {name: self._rules.get(name, Retention()) for name in names}
        steps = []
        dropped = Counter[str]()
        if campaign is None and not self._sweep.dry:
            longest = max(rule.raw_days for rule in [*rules.values(), Retention()])
            dropped = await drop_months(self._sweep, longest)
        for name, rule in rules.items():
            raw = dropped[name] + await drop_raw(self._sweep, name, rule.raw_days)
            steps.append(await self._step("raw", name, rule.raw_days, raw))
            leads = await self._leads.drop(name, rule.leads_days)
            steps.append(await self._step("leads", name, rule.leads_days, leads))
            steps.append(await self._step("parked", name, rule.leads_days, await self._parked(name, rule.leads_days)))
        if campaign is None:
            days = max(rule.leads_days for rule in [*self._rules.values(), Retention()])
            strays = await self._leads.drop_in_no_campaign(days)
            steps.append(await self._step("leads", None, days, strays, due=False))
            steps.append(await self._step("replies", None, days, await self._replies(days)))
            days = max(rule.audit_days for rule in [*self._rules.values(), Retention()])
            steps.append(await self._step("audit", None, days, await self._audit(days)))
        return steps

    async def _campaigns(self) -> list[str]:
        return [name for (name,) in await self._sweep.all(CAMPAIGNS)]

    async def _step(self, kind: str, campaign: str | None, days: int, gone: int, *, due: bool = True) -> Step:
        oldest = (await self._sweep.all(_NEXT[kind], {"campaign": campaign}))[0][0] if due else None
        after = oldest + timedelta(days=days) if oldest else None
        return Step(kind=kind, campaign=campaign, gone=gone, days=days, next_due=after)

    async def _parked(self, campaign: str, days: int) -> int:
        gone = 0
        async for batch in self._sweep.batches(_PARKED, {"campaign": campaign, "before": self._sweep.before(days)}):
            gone += await self._sweep.change(_EMPTY_PARKED, [[row[0] for row in batch]], len(batch))
        return gone

    async def _replies(self, days: int) -> int:
        """Of whomever: also those of people who never became leads. That a fact was bought stays in the ledger."""
        gone = 0
        async for batch in self._sweep.batches(_REPLIES, {"before": self._sweep.before(days)}):
            columns = [list(column) for column in zip(*batch, strict=True)]
            gone += await self._sweep.change(_DROP_REPLIES, columns, len(batch))
        return gone

    async def _audit(self, days: int) -> int:
        """Day by day: whoever writes the trail waits while its beginning is taken off."""
        before = self._sweep.before(days)
        oldest, old = (await self._sweep.all(_OLDEST_AUDIT, {"before": before}))[0]
        if self._sweep.dry or not old:
            return int(old)
        gone = 0
        while oldest < before:
            oldest = min(oldest + timedelta(days=1), before)
            gone += await audit.drop_before(self._database, self._chain, oldest)
        return gone
