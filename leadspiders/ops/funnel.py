"""From record to lead in steps: what each stage let through, in the order of the pipelines.

Three views draw the same funnel (progress, `scrapy status`, report), so it is counted once, here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Status = Mapping[str, Any]
"""What `scrapy status C --json` prints, decoded."""

Delivered = Mapping[str, Mapping[str, int]]
"""Destination -> outbox state -> records; the state of what has arrived is `sent`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the funnel. `aside` marks what leaves the way to a lead: merged, refused and the like."""

    name: str
    count: int
    aside: bool = False


MARKET_SOURCES = ("bls",)
"""Their records size the market and never become leads: they would dwarf the funnel."""


def funnel(status: Status, delivered: Delivered) -> list[Step]:
    """The steps from `seen` to `delivered`, without market cells. A ready lead was identified once: states add up."""
    leads = status["leads"]
    enriched = leads["enriched"] + leads["ready"]
    return [
        Step("seen", _of_leads(status, "seen")),
        Step("merged", _of_leads(status, "merged"), aside=True),
        Step("refused", sum(status["refused"].values()), aside=True),
        Step("parked", sum(status["parked"].values()), aside=True),
        Step("suppressed", status["suppressed"], aside=True),
        Step("pending", _of_leads(status, "pending"), aside=True),
        Step("stored", _of_leads(status, "stored")),
        Step("identified", leads["identified"] + enriched),
        Step("enriched", enriched),
        Step("ready", leads["ready"]),
        Step("qualified", leads["qualified"]),
        Step("delivered", arrived(delivered)),
    ]


def _of_leads(status: Status, outcome: str) -> int:
    markets = sum(counts[outcome] for source, counts in status["sources"].items() if source in MARKET_SOURCES)
    return int(status[outcome] - markets)


def arrived(delivered: Delivered) -> int:
    """Records that reached a destination, summed over destinations."""
    return sum(states.get("sent", 0) for states in delivered.values())


def dead(delivered: Delivered) -> int:
    """Records that a destination refused for good, after their last attempt."""
    return sum(states.get("dead", 0) for states in delivered.values())


def suppressed(delivered: Delivered) -> int:
    """Records of people who opted out before they could be sent."""
    return sum(states.get("suppressed", 0) for states in delivered.values())


def waiting(delivered: Delivered) -> int:
    """Records that are still on their way, whatever keeps them."""
    ended = arrived(delivered) + dead(delivered) + suppressed(delivered)
    return sum(sum(states.values()) for states in delivered.values()) - ended
