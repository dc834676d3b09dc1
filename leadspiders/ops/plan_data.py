"""A plan as plain figures: what the command prints, what a sprint is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from leadspiders.rules.plan import Spread, Timing

Says = Literal["asked", "stored", "assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many records a source has for the campaign, and who says so: the source itself (`asked`), the database
    (`stored`), or nobody (`assumed`)."""

    source: str
    records: int
    calls: int
    by: Says
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one provider will be paid."""

    provider: str
    credits: Spread
    usd_per_credit: float

    @property
    def usd(self) -> Spread:
        """The same in dollars."""
        return self.credits.times(self.usd_per_credit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Why the goal is out of reach: a cap, the credits left at a provider, the people there are, or the hours."""

    kind: Literal["cap", "credits", "volume", "hours"]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`ready` leads are there already, `leads` there will be. `asked` people are bought for. `rates` says where the
    shares are from, `pace` what decides the time, `short` why the goal is missed (None: it is reached)."""

    campaign: str
    sandbox: bool
    goal: int
    ready: int
    workers: int
    leads: Spread
    asked: Spread
    volumes: Sequence[Volume]
    costs: Sequence[Cost]
    timing: Timing
    calls: Mapping[str, int]
    rates: str
    pace: str
    short: Short | None
    notes: Sequence[str] = ()

    @property
    def fits(self) -> bool:
        """Whether the goal is reached."""
        return self.short is None

    @property
    def usd(self) -> Spread:
        """Dollars for all providers."""
        every = [cost.usd for cost in self.costs]
        return Spread(sum(one.low for one in every), sum(one.likely for one in every), sum(one.high for one in every))

    @property
    def credits(self) -> float:
        """Credits at all providers."""
        return sum(cost.credits.likely for cost in self.costs)
