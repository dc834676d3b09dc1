"""The points of a score as one sentence: a cell that a sales rep can read."""

from collections.abc import Mapping
from typing import Any

WHY = {"quality_points": "quality_why", "fit_points": "fit_why"}


def with_why(lead: Mapping[str, Any]) -> dict[str, Any]:
    """The lead with `quality_why` and `fit_why` in place of its lists of points, such as `e-mail verified +30`."""
    return {WHY.get(name, name): _why(value) if name in WHY else value for name, value in lead.items()}


def _why(points: list[tuple[float, str, str]] | None) -> str | None:
    return None if points is None else "; ".join(f"{line[1]} {line[0]:+g}" for line in points)
