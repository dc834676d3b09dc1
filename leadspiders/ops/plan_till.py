"""Stands in for the spend gate in a rehearsal: the same caps and the same memory, over money that nobody spends."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import Prices
from leadspiders.guard.spend_gate import SpendGate
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_limits import Used, binding, too_dear
from leadspiders.stores.postgres.spend_totals import Total


class Till(SpendGate):
    """One rehearsal's. `counted` is what counts as spent already; what was bought before costs nothing here either."""

    def __init__(self, database: Database, *, campaign: Campaign, prices: Prices, counted: Sequence[Total]) -> None:
        super().__init__(database, campaign=campaign, run_id="rehearsal", prices=prices)
        self.credits: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.usd: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.facts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._counted = counted
        self._replies: dict[tuple[str, str], spend.Kept] = {}
        self._held: dict[tuple[str, str], asyncio.Event] = {}
        self._set_aside: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._lead_usd: defaultdict[str, Decimal] = defaultdict(Decimal)

    async def kept(self, provider: str, facts: Sequence[str]) -> dict[str, spend.Kept]:
        """What was bought before, in truth or in this rehearsal."""
        here = {fact: self._replies[provider, fact] for fact in facts if (provider, fact) in self._replies}
        return here | await super().kept(provider, [fact for fact in facts if fact not in here])

    async def settle(
        self,
        reservation: spend.Reservation,
        replies: Mapping[str, bytes | None],
        *,
        credits: float,  # noqa: A002  the gate's word
        lost: Collection[str] = (),
    ) -> Mapping[str, Decimal]:
        """Book what was charged, over those that were found; nothing gets lost here."""
        found = [fact for fact in reservation.facts if replies.get(fact) is not None]
        charged = Decimal(str(credits))
        each = charged / len(found) if found else Decimal(0)
        self.credits[reservation.sale.provider] += charged
        self.usd[reservation.sale.provider] += charged * reservation.sale.usd_per_credit
        now = datetime.now(UTC)
        for fact, reply in replies.items():
            self._replies[reservation.sale.provider, fact] = spend.Kept(reply=reply, received_at=now)
        self.facts[f"{reservation.sale.provider}/{reservation.sale.offer}"] += len(reservation.facts)
        self._release(reservation)
        return {fact: each if fact in found else Decimal(0) for fact in reservation.facts}

    async def handed_in(self, reservation: spend.Reservation, ticket: str) -> None:
        """Nobody else collects what is rehearsed."""

    async def uncollected(
        self, provider: str, offer: str, facts: Sequence[str] | None = None
    ) -> Sequence[spend.HandedIn]:
        """None."""
        return ()

    async def ended(self, reservation: spend.Reservation, error: BaseException) -> str:
        """The call failed: nothing is charged."""
        self._release(reservation)
        return type(error).__name__.lower()

    async def _reserve(
        self, sale: spend.Sale, facts: list[str], leads: Mapping[str, str]
    ) -> spend.Reservation | spend.Refused:
        if bought := [fact for fact in facts if (sale.provider, fact) in self._replies]:
            return spend.Refused(reason="already-bought", taken=frozenset(bought))
        if busy := [fact for fact in facts if (sale.provider, fact) in self._held]:
            return spend.Refused(reason="being-bought", taken=frozenset(busy))
        owners = {fact: leads.get(fact, fact) for fact in facts}
        caps = self._caps(sale.provider)
        refused = too_dear(caps, self._lead_usd, sale, owners) or binding(
            caps, self._used(sale.provider), sale, facts=len(facts)
        )
        if refused:
            own = refused.reason in {"credit-cap", "provider-cap"}
            self.refused[f"{refused.reason} {sale.provider}" if own else refused.reason] += (
                len(refused.taken) or len(facts) - refused.fits
            )
            return refused
        self._set_aside[sale.provider] += sale.credits_each * len(facts)
        self._set_aside["usd"] += sale.usd_each * len(facts)
        for fact in facts:
            self._held[sale.provider, fact] = asyncio.Event()
            self._lead_usd[owners[fact]] += sale.usd_each
        now = datetime.now(UTC).date()
        return spend.Reservation(
            id=new_id(), campaign=self._campaign.name, run_id="rehearsal", day=now, sale=sale, facts=tuple(facts)
        )

    async def _others(self, provider: str, facts: Sequence[str]) -> list[str]:
        for fact in facts:
            if event := self._held.get((provider, fact)):
                await event.wait()
        return list(facts)

    def _release(self, reservation: spend.Reservation) -> None:
        sale, number = reservation.sale, len(reservation.facts)
        self._set_aside[sale.provider] -= sale.credits_each * number
        self._set_aside["usd"] -= sale.usd_each * number
        for fact in reservation.facts:
            self._held.pop((sale.provider, fact)).set()

    def _used(self, provider: str) -> Used:
        now = sum(self.usd.values(), Decimal(0)) + self._set_aside["usd"]
        today = datetime.now(UTC).date().isoformat()
        before = {(total.scope, total.name): total for total in self._counted}

        def usd(scope: str, name: str) -> Decimal:
            return before[scope, name].usd if (scope, name) in before else Decimal(0)

        at_provider = before.get(("provider", provider))
        return Used(
            campaign=usd("campaign", "") + now,
            run=now,
            day=usd("day", today) + now,
            provider=usd("provider", provider) + self.usd[provider],
            credits=(at_provider.credits if at_provider else 0) + self.credits[provider] + self._set_aside[provider],
        )
