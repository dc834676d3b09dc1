"""The labor market around the companies of the world: establishments, jobs and wages by area, industry and size class.

Every cell holds at least the companies that the world has there, and the totals are the sums of their cells.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from leadspiders.sandbox.world.industries import TRADES, domain_of, sector_of, supersector_of
from leadspiders.sandbox.world.places import METRO_AREAS, STATES
from leadspiders.sandbox.world.truth import World

# Size class -> least and most staff of an establishment; class 9 is open-ended.
CLASSES = {
    "1": (1, 4),
    "2": (5, 9),
    "3": (10, 19),
    "4": (20, 49),
    "5": (50, 99),
    "6": (100, 249),
    "7": (250, 499),
    "8": (500, 999),
    "9": (1000, 3000),
}
# How common each class is, beside the world's own companies.
_COMMONNESS = {"1": 60, "2": 25, "3": 16, "4": 11, "5": 5, "6": 3, "7": 1.2, "8": 0.6, "9": 0.35}
# Share of a state's business in its counties; 999 is "unknown county".
COUNTIES = {"001": 0.4, "003": 0.25, "005": 0.2, "007": 0.12, "999": 0.03}
METRO_SHARE = 0.45
# A year grows by this much over the one before.
_GROWTH = 0.018
_BASE_YEAR = 2020


@dataclass(slots=True)
class Cell:
    """Private establishments, jobs in the third month of the quarter, and quarterly wages in dollars."""

    establishments: float = 0.0
    jobs: float = 0.0
    wages: float = 0.0

    def add(self, other: "Cell") -> None:
        """Count another cell in."""
        self.establishments += other.establishments
        self.jobs += other.jobs
        self.wages += other.wages


Key = tuple[str, str, str]
"""Area (`US000`, `39000`), industry as in the data (`31-33`), size class (`0` for all)."""


class Markets:
    """All cells of the nation and the states in the base year; other areas and years are shares of them."""

    def __init__(self, world: World) -> None:
        self.cells: dict[Key, Cell] = defaultdict(Cell)
        for state, naics, size, cell in _leaves(world):
            for area in ("US000", f"{STATES[state].fips}000"):
                for industry in ladder(naics):
                    self.cells[area, industry, "0"].add(cell)
                    self.cells[area, industry, size].add(cell)
        self.industries = sorted({industry for _, industry, _ in self.cells})

    def cell(self, area: str, industry: str, size: str, year: int, quarter: int) -> Cell | None:
        """One cell in a quarter (1 to 4), or None where there is nothing."""
        base_area, share = base_of(area)
        base = self.cells.get((base_area, industry, size))
        if base is None:
            return None
        growth = (1 + _GROWTH) ** (year - _BASE_YEAR + (quarter - 1) / 4) * share
        count = round(base.establishments * growth)
        if not count:
            return None
        return Cell(count, max(round(base.jobs * growth), count), round(base.wages * growth))


def base_of(area: str) -> tuple[str, float]:
    """The state or nation that an area is a share of, and the share; an unknown area is a share of nothing."""
    if area in METRO_AREAS:
        return f"{STATES[METRO_AREAS[area][1]].fips}000", METRO_SHARE
    if area[2:] in COUNTIES:
        return f"{area[:2]}000", COUNTIES[area[2:]]
    return area, 1.0


def ladder(naics: str) -> list[str]:
    """A six-digit industry and all that hold it: total, domain, supersector, sector, three to six digits."""
    sector = sector_of(naics)
    supersector = supersector_of(sector)
    return ["10", domain_of(supersector), supersector, sector, naics[:3], naics[:4], naics[:5], naics]


def size_class(staff: int) -> str:
    """The QCEW size class of a head count."""
    return next((code for code, (least, _) in reversed(CLASSES.items()) if staff >= least), "1")


def _leaves(world: World) -> Iterator[tuple[str, str, str, Cell]]:
    """State x six-digit industry x size class: three times the world's companies and a seeded number beside them."""
    own: dict[tuple[str, str, str], int] = defaultdict(int)
    for company in (*world.employers, *world.marketing):
        own[company.place.state.code, company.trade.naics, size_class(company.employees)] += 1
    rng = random.Random(f"markets {world.seed}")
    for state in STATES:
        weight = rng.uniform(0.3, 3.0)
        for trade in TRADES:
            pay = rng.uniform(700, 2400)
            for size, (least, most) in CLASSES.items():
                count = own[state, trade.naics, size] * 3 + int(
                    weight * _COMMONNESS[size] * rng.random() + rng.random()
                )
                if count:
                    jobs = count * round(rng.uniform(least, most))
                    yield state, trade.naics, size, Cell(count, jobs, round(jobs * pay * 13))
