"""What can become of a record, and how a record that never reaches the store says so."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from leadspiders.items.origin import Origin

OutcomeKind = Literal["stored", "merged", "refused", "parked", "suppressed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`id` is the row of a lead (None for a market cell or a refusal); `reason` a short name, not a sentence."""

    kind: OutcomeKind
    id: UUID | None = None
    reason: str | None = None

    @property
    def count(self) -> str:
        """The name it is counted under on the receipt."""
        return f"{self.kind}:{self.reason or 'unknown'}" if self.kind in {"refused", "parked"} else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A record that a stage before the store ended. `payload` is kept when the outcome is `parked`."""

    origin: Origin
    outcome: Literal["refused", "parked", "suppressed"]
    reason: str
    stage: str
    payload: Any = None
