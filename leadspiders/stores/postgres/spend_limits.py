"""Whether a purchase fits under every cap, and which one binds. Amounts are exact: cents do not add up in floats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that may be spent, in US dollars; `credits` and `provider_usd` of the provider that is asked. None: no
    cap of this kind.
    """

    campaign_usd: float | None = None
    run_usd: float | None = None
    day_usd: float | None = None
    lead_usd: float | None = None
    call_usd: float | None = None
    provider_usd: float | None = None
    credits: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What counts as spent so far: settled, reserved and unknown; `provider` and `credits` at the one that is asked."""

    campaign: Decimal = Decimal(0)
    run: Decimal = Decimal(0)
    day: Decimal = Decimal(0)
    provider: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What is bought by the fact: one offer of a provider at the price of today.

    `price` says where the price stands: a date of the price list, or `campaign`.
    """

    provider: str
    offer: str
    credits_each: Decimal
    usd_per_credit: Decimal
    price: str = "campaign"

    @property
    def usd_each(self) -> Decimal:
        """What one fact costs at most."""
        return self.credits_each * self.usd_per_credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money set aside for one call."""

    id: UUID
    campaign: str
    run_id: str
    day: date
    sale: Sale
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was reserved. `fits` says for how many of the facts the caps still leave room, `taken` which of them
    somebody else buys, has bought or may have bought, or whose lead has cost enough: without those try again.
    """

    reason: str
    fits: int = 0
    taken: frozenset[str] = frozenset()


def binding(caps: Caps, used: Used, sale: Sale, *, facts: int) -> Refused | None:
    """The cap that leaves room for the fewest facts, if that is fewer than are wanted."""
    usd, credit = sale.usd_each, sale.credits_each
    rooms = [
        ("campaign-cap", caps.campaign_usd, used.campaign, usd),
        ("run-cap", caps.run_usd, used.run, usd),
        ("day-cap", caps.day_usd, used.day, usd),
        ("call-cap", caps.call_usd, Decimal(0), usd),
        ("provider-cap", caps.provider_usd, used.provider, usd),
        ("credit-cap", caps.credits, used.credits, credit),
    ]
    room = {name: fitting(cap, spent, each, facts) for name, cap, spent, each in rooms}
    name = min(room, key=room.__getitem__)
    return Refused(reason=name, fits=room[name]) if room[name] < facts else None


def too_dear(caps: Caps, used: Mapping[str, Decimal], sale: Sale, leads: Mapping[str, str]) -> Refused | None:
    """The facts whose lead (`leads`: fact -> lead) would cost more than a lead may. `used` holds what each has cost."""
    room = {
        lead: fitting(caps.lead_usd, used.get(lead, Decimal(0)), sale.usd_each, len(leads)) for lead in leads.values()
    }
    over = set()
    for fact, lead in leads.items():
        room[lead] -= 1
        if room[lead] < 0:
            over.add(fact)
    return Refused(reason="lead-cap", taken=frozenset(over)) if over else None


def fitting(cap: float | None, spent: Decimal, each: Decimal, wanted: int) -> int:
    """For how many of those that are wanted a cap leaves room."""
    if cap is None or not each:
        return wanted
    left = Decimal(str(cap)) - spent
    return max(0, min(wanted, int(left / each)))
