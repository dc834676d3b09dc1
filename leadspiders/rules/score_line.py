"""One line of a score as both scores write it: points, of how many, and why."""

from functools import lru_cache

from leadspiders.items.scores import Points


@lru_cache(maxsize=16_384)  # few differ, and a frozen object takes 1 us
def line(reason: str, points: int, most: int, why: str) -> Points:
    """`16 of 30: it may bounce`. A line never changes, so that leads may share it."""
    return Points(points=points, reason=reason, evidence=f"{points} of {most}: {why}")
