"""Why we believe one field: who said it, when, how sure, at what price, and what it replaced."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, kw_only=True, frozen=True)
class Evidence:
    """`receipt` is the response or paid reply that said it; `confidence` runs 0-1; `cost_usd` is this field's share of
    the price of the reply; `replaced` is the source whose value lost, or None."""

    source: str
    at: datetime
    receipt: str
    confidence: float = 1.0
    cost_usd: float = 0.0
    replaced: str | None = None
