"""Which offer to ask first, by what was learnt: the chance that it fills the field, per dollar it is likely to cost.

Hits and misses are counted as a Beta distribution. Campaigns are small and segments smaller, so that what was seen in
a segment is added to what the whole campaign saw, which counts as a few answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from leadspiders.campaigns.names import Fillable
from leadspiders.items.contact import Contact
from leadspiders.rules.industries import sector
from leadspiders.rules.sizes import size_class

WHOLE_COUNTS_AS = 10.0
"""So many answers of a segment weigh as much as all that the campaign saw elsewhere."""
LEAST_USD = 0.0001
"""What is free is asked first, but two free offers still compare by their chance."""


@dataclass(slots=True, kw_only=True)
class Yield:
    """Answers to one offer about one field: `asked` when it was missing, `found` those that brought it, their cost and
    the seconds they took."""

    asked: int = 0
    found: int = 0
    usd: float = 0.0
    seconds: float = 0.0

    def add(self, other: "Yield") -> None:
        """Count another's answers in."""
        self.asked += other.asked
        self.found += other.found
        self.usd += other.usd
        self.seconds += other.seconds


Yields = Mapping[tuple[str, str, str], Yield]
"""By offer, field and segment; the segment `*` holds the sum of all."""
WHOLE = "*"


def segment(contact: Contact, lead: str) -> str:
    """Size class and state of the employer; where employers are the leads, its sector instead: `6/54`, `-/OH`."""
    company = contact.company
    staff = company.employees or company.employee_min
    size = size_class(staff) if staff else "-"
    if lead == "company":
        return f"{size}/{(company.naics_code and sector(company.naics_code)) or '-'}"
    return f"{size}/{contact.state or company.state or '-'}"


def explores(lead: str, share: float) -> bool:
    """Whether another order is tried on this lead: always the same leads, whoever works on them."""
    return share > 0 and int.from_bytes(blake2b(lead.encode(), digest_size=8).digest()) / 2**64 < share


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of offers: their prices in dollars, and what they brought."""

    prices: Mapping[str, float]
    yields: Yields

    def ranked(self, offers: Sequence[str], field: Fillable, place: str, draw: str | None = None) -> list[str]:
        """The offers, the one with the most expected value per dollar in this segment first; equals keep their order.

        `draw` names the lead for which chances are drawn from what is known of them instead of taken at their mean:
        the less is known of an offer, the more often it comes first. The same name draws the same.
        """
        chance = Random(draw) if draw is not None else None  # noqa: S311  repeatable, not secret
        values = {offer: self._per_dollar(offer, field, place, chance) for offer in offers}
        return sorted(offers, key=lambda offer: -values[offer])

    def _per_dollar(self, offer: str, field: Fillable, place: str, chance: Random | None) -> float:
        whole, here = (self.yields.get((offer, field, where), _NOTHING) for where in (WHOLE, place))
        mean = (whole.found + 1) / (whole.asked + 2)
        weight = min(WHOLE_COUNTS_AS, whole.asked + 2)
        hits, misses = here.found + weight * mean, here.asked - here.found + weight * (1 - mean)
        usd = (whole.usd + self.prices[offer]) / (whole.asked + 1)
        found = chance.betavariate(hits, misses) if chance else hits / (hits + misses)
        return found / max(usd, LEAST_USD)


_NOTHING = Yield()
