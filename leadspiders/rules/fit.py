"""How well a company matches the campaign, 0-100, whatever is known of its people's addresses."""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple, cast

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import Seniority
from leadspiders.campaigns.weights import DecisionMakers, SeniorityPoints, Variant
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Points
from leadspiders.rules.fit_industry import industry
from leadspiders.rules.fit_place import place
from leadspiders.rules.fit_size import size
from leadspiders.rules.score_line import line


class Part(NamedTuple):
    """What one group gives: `points` of its `cap`."""

    reason: str
    points: int
    cap: int
    evidence: str


def fit(company: Company, contact: Contact | None, campaign: Campaign, variant: str) -> tuple[int, list[Points]]:
    """The score by that variant of the campaign, and the lines that add up to it.

    `contact` adds the level and the place of a person where the variant asks for them.
    """
    weights = campaign.scoring.variants[variant]
    parts = _parts(company, contact, campaign, weights)
    lines = _multiplied(parts, weights.floor) if weights.form == "multiplicative" else _added(parts)
    return int(sum(line.points for line in lines)), lines


def total(parts: Sequence[tuple[int, int]], weights: Variant) -> int:
    """What points of caps add up to, or multiply to, in a variant: never less for more points."""
    if weights.form == "multiplicative":
        left: float = prod(max(points / cap, weights.floor) ** (cap / 100) for points, cap in parts)
        return round(100 * left)
    return sum(points for points, _ in parts)


def _parts(company: Company, contact: Contact | None, campaign: Campaign, weights: Variant) -> list[Part]:
    parts = []
    if weights.industry:
        parts.append(Part("industry", *industry(company, weights.industry)))
    if weights.size:
        parts.append(Part("size", *size(company, weights.size, campaign.target.employees)))
    if weights.decision_makers:
        parts.append(Part("decision makers", *_decision_makers(company, weights.decision_makers)))
    if weights.place:
        parts.append(Part("place", *place(company, contact, weights.place, campaign)))
    if weights.seniority:
        parts.append(Part("seniority", *_seniority(contact, weights.seniority)))
    return parts


def _added(parts: list[Part]) -> list[Points]:
    return [line(part.reason, part.points, part.cap, part.evidence) for part in parts]


def _multiplied(parts: list[Part], floor: float) -> list[Points]:
    """A weighted geometric mean: each group leaves over its share of its cap, to the power of the cap's weight.

    Told as 100 points that shrink line by line, each line rounded against the one before, so that they still add up.
    """
    lines = [Points(points=100, reason="start", evidence="100 of 100: before anything speaks against it")]
    left = 1.0
    for part in parts:
        before = round(100 * left)
        left *= max(part.points / part.cap, floor) ** (part.cap / 100)
        evidence = f"{part.points} of {part.cap} leaves {left:.0%}: {part.evidence}"
        lines.append(Points(points=round(100 * left) - before, reason=part.reason, evidence=evidence))
    return lines


def _decision_makers(company: Company, weights: DecisionMakers) -> tuple[int, int, str]:
    found = company.decision_makers
    if found < 1:
        return weights.unknown, weights.cap, "nobody found yet"
    points = weights.points[min(found, len(weights.points)) - 1]
    return points, weights.cap, f"{found} {'person' if found == 1 else 'people'} found"


def _seniority(contact: Contact | None, weights: SeniorityPoints) -> tuple[int, int, str]:
    level = contact.seniority if contact else None
    if not level:
        return weights.unknown, weights.cap, "level not known"
    worth = weights.levels.get(cast("Seniority", level), weights.other)
    return worth, weights.cap, level.replace("_", " ")
