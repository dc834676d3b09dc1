"""What other weights would make of the leads that are stored: scored anew in memory, nothing asked, nothing written."""

import heapq
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.rules.scores import scores
from leadspiders.stores.postgres.rows import Row

MOST_TOLD = 10
DEALS_ABOVE = 80
"""A deal is opened above this fit, where the campaign's delivery names no other."""


@dataclass(slots=True)
class Side:
    """One set of weights over all leads."""

    qualified: int = 0
    deals: int = 0
    quality: int = 0
    fit: int = 0


@dataclass(slots=True)
class Moved:
    """How many leads moved, and those that moved most."""

    leads: int = 0
    most: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    def note(self, by: int, lead: dict[str, Any]) -> None:
        """Count one, and keep it if it moved as far as any."""
        self.leads += 1
        heapq.heappush(self.most, (abs(by), lead["id"], lead))
        if len(self.most) > MOST_TOLD:
            heapq.heappop(self.most)

    def told(self) -> list[dict[str, Any]]:
        """Those that moved most, the farthest first."""
        return [lead for _, _, lead in sorted(self.most, reverse=True)]


async def what_if(
    campaign: Campaign, other: Campaign, leads: AsyncIterator[tuple[Row, Contact | Company]], *, spent_usd: float
) -> dict[str, Any]:
    """The object of `scrapy experiment C --what-if FILE --json`. `spent_usd` is what the campaign cost so far.

    Both sides are scored now, from what is stored: leads that were scored by older weights do not blur the difference.
    A lead rises or falls by its fit, and where that stays by its quality.
    The other file's variants are drawn as this campaign draws them, so that a lead stays on its side.
    """
    trial = other.model_copy(update={"name": campaign.name})
    before, after, rises, falls = Side(), Side(), Moved(), Moved()
    total = newly = no_longer = 0
    async for row, item in leads:
        total += 1
        old, new = scores(item, campaign), scores(item, trial)
        for side, judged, wanted in ((before, old, campaign), (after, new, trial)):
            side.qualified += judged.is_qualified
            side.deals += judged.fit > deals_above(wanted)
            side.quality += judged.quality
            side.fit += judged.fit
        newly += new.is_qualified and not old.is_qualified
        no_longer += old.is_qualified and not new.is_qualified
        by = new.fit - old.fit or new.quality - old.quality
        if by:
            (rises if by > 0 else falls).note(by, _lead(row, item, old, new))
    return {
        "campaign": campaign.name,
        "what_if": other.source_file,
        "leads": total,
        "before": _side(before, total, spent_usd),
        "after": _side(after, total, spent_usd),
        "newly_qualified": newly,
        "no_longer_qualified": no_longer,
        "rises": {"leads": rises.leads, "most": rises.told()},
        "falls": {"leads": falls.leads, "most": falls.told()},
        "spent_usd": round(spent_usd, 4),
    }


def deals_above(campaign: Campaign) -> int:
    """The fit above which a deal is opened."""
    named = (receiver.deals_above_fit for receiver in campaign.delivery.destinations.values())
    return next((fit for fit in named if fit is not None), DEALS_ABOVE)


def _lead(row: Row, item: Contact | Company, old: Scores, new: Scores) -> dict[str, Any]:
    company = item.company if isinstance(item, Contact) else item
    title = item.title if isinstance(item, Contact) else None
    return {
        "id": str(row["lead_id"]),
        "title": title,
        "company": company.name,
        "fit": [old.fit, new.fit],
        "quality": [old.quality, new.quality],
        "qualified": [old.is_qualified, new.is_qualified],
    }


def _side(side: Side, total: int, spent_usd: float) -> dict[str, Any]:
    return {
        "qualified": side.qualified,
        "deals": side.deals,
        "quality_avg": round(side.quality / total, 1) if total else None,
        "fit_avg": round(side.fit / total, 1) if total else None,
        "cost_per_qualified_usd": round(spent_usd / side.qualified, 4) if side.qualified else None,
    }
