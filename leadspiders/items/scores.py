"""What a lead is worth, and the points that add up to it."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True, frozen=True)
class Points:
    """One line of a score: points, for what, on what evidence."""

    points: float
    reason: str
    evidence: str


@dataclass(slots=True, kw_only=True)
class Scores:
    """The two scores of one lead, each with the points it adds up from. Both run 0-100."""

    quality: int
    quality_points: list[Points]
    fit: int
    fit_points: list[Points]
    variant: str
    version: str
    is_qualified: bool
