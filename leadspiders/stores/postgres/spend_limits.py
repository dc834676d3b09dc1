"""Whether a purchase fits under every cap, and which one binds. Amounts are exact: cents do not add up in floats."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that may be spent, in US dollars; `credits` of the provider that is asked. None: no cap of this kind."""

    campaign_usd: float | None = None
    run_usd: float | None = None
    day_usd: float | None = None
    lead_usd: float | None = None
    call_usd: float | None = None
    credits: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What counts as spent so far: settled, reserved and unknown. `lead` is the dearest of the leads asked for."""

    campaign: Decimal = Decimal(0)
    run: Decimal = Decimal(0)
    day: Decimal = Decimal(0)
    lead: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Money set aside for one call."""

    id: UUID
    campaign: str
    provider: str
    facts: tuple[str, ...]
    credits_each: float
    usd_each: float

    @property
    def usd_per_credit(self) -> float:
        """The price of a credit, 0 where the provider charges none."""
        return self.usd_each / self.credits_each if self.credits_each else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was reserved. `fits` says for how many of the facts the caps still leave room, `taken` which of them
    somebody else buys, has bought or may have bought: without those it may be tried again.
    """

    reason: str
    fits: int = 0
    taken: frozenset[str] = frozenset()


def binding(caps: Caps, used: Used, *, facts: int, credits_each: float, usd_each: float) -> Refused | None:
    """The cap that leaves room for the fewest facts, if that is fewer than are wanted."""
    usd, credit = Decimal(str(usd_each)), Decimal(str(credits_each))
    rooms = [
        ("campaign-cap", caps.campaign_usd, used.campaign, usd),
        ("run-cap", caps.run_usd, used.run, usd),
        ("day-cap", caps.day_usd, used.day, usd),
        ("call-cap", caps.call_usd, Decimal(0), usd),
        ("credit-cap", caps.credits, used.credits, credit),
    ]
    room = {name: _fitting(cap, spent, each, facts) for name, cap, spent, each in rooms}
    # Each lead has a cap of its own: either one more fact fits for all of them, or for none.
    room["lead-cap"] = facts if _fitting(caps.lead_usd, used.lead, usd, 1) else 0
    name = min(room, key=room.__getitem__)
    return Refused(reason=name, fits=room[name]) if room[name] < facts else None


def _fitting(cap: float | None, spent: Decimal, each: Decimal, wanted: int) -> int:
    if cap is None or not each:
        return wanted
    left = Decimal(str(cap)) - spent
    return max(0, min(wanted, int(left / each)))
