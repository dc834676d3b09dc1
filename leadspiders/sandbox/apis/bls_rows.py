"""Which rows a QCEW slice has: areas, owners, industries and sizes, at which level, and which are withheld."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from leadspiders.sandbox.world.industries import DOMAINS, SECTORS, SUPERSECTORS
from leadspiders.sandbox.world.markets import COUNTIES, Cell, Markets
from leadspiders.sandbox.world.places import METRO_AREAS, STATES

_DEPTHS = {"10": 1, **dict.fromkeys(DOMAINS, 2), **dict.fromkeys(SUPERSECTORS, 3), **dict.fromkeys(SECTORS, 4)}
_GOVERNMENT = {"1": 0.02, "2": 0.03, "3": 0.09}
"""Federal, state and local government beside the private total."""
_ALWAYS_PUBLISHED = 60  # establishments: so many betray no single one


@dataclass(frozen=True, slots=True)
class Spot:
    """What a row is about: area, owner, industry and size class, as the codes in the data."""

    area: str
    owner: str
    industry: str
    size: str

    @property
    def level(self) -> int:
        """The `agglvl_code`."""
        place = _place(self.area)
        if self.size != "0":
            return (20 if place == 10 else 60) + depth(self.industry)
        return place if self.owner == "0" else place + depth(self.industry)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the cell of a year and quarter (`1` to `4`, `a`), and the one a year `before`, if there was any."""

    spot: Spot
    year: int
    quarter: str
    cell: Cell
    before: Cell | None

    @property
    def disclosure(self) -> str:
        """Blank: published, `N`: withheld, `-`: no publishable data. Totals over all industries are published."""
        spot, count = self.spot, self.cell.establishments
        if count > _ALWAYS_PUBLISHED or (spot.industry == "10" and spot.owner == "0"):
            return ""
        # Steady over years and machines, unlike `hash`.
        text = f"{spot.area}|{spot.owner}|{spot.industry}|{spot.size}"
        roll = int.from_bytes(hashlib.blake2s(text.encode(), digest_size=2).digest(), "big") / 65536
        if roll < 0.02:
            return "-"
        return "N" if roll < (0.8 if count <= 3 else 0.08) else ""


def depth(industry: str) -> int:
    """1 total, 2 domain, 3 supersector, 4 sector, 5 to 8 for three to six digits."""
    return _DEPTHS.get(industry) or len(industry) + 2


def area_rows(markets: Markets, area: str, year: int, quarter: str) -> Iterator[Row]:
    """All rows of an area, size class 0."""
    for owner in ("0", "1", "2", "3", "5"):
        for industry in markets.industries if owner == "5" else ("10",):
            yield from _row(markets, Spot(area, owner, industry, "0"), year, quarter)


def industry_rows(markets: Markets, industry: str, year: int, quarter: str) -> Iterator[Row]:
    """All rows of an industry over the areas, size class 0."""
    for area in areas():
        for owner in ("0", "5") if industry == "10" else ("5",):
            yield from _row(markets, Spot(area, owner, industry, "0"), year, quarter)


def size_rows(markets: Markets, size: str, year: int) -> Iterator[Row]:
    """All rows of a size class in a first quarter: the nation down to six digits, the states down to sectors."""
    for area in ("US000", *(f"{state.fips}000" for state in STATES.values())):
        for industry in markets.industries:
            if area == "US000" or depth(industry) <= 4:
                yield from _row(markets, Spot(area, "5", industry, size), year, "1")


def areas(*, counties: bool = True) -> list[str]:
    """Nation, states, counties, metros."""
    inside = ("000", *COUNTIES) if counties else ("000",)
    found = [state.fips + county for state in STATES.values() for county in inside]
    return ["US000", *sorted(found), *sorted(METRO_AREAS)]


def _place(area: str) -> int:
    if area == "US000":
        return 10
    return 40 if area in METRO_AREAS else 50 if area.endswith("000") else 70


def _row(markets: Markets, spot: Spot, year: int, quarter: str) -> Iterator[Row]:
    cell = _owned(markets, spot, year, quarter)
    if cell is not None:
        yield Row(spot, year, quarter, cell, _owned(markets, spot, year - 1, quarter))


def _owned(markets: Markets, spot: Spot, year: int, quarter: str) -> Cell | None:
    private = markets.cell(spot.area, spot.industry, spot.size, year, 2 if quarter == "a" else int(quarter))
    if private is None or spot.owner == "5":
        return private
    share = 1 + sum(_GOVERNMENT.values()) if spot.owner == "0" else _GOVERNMENT[spot.owner]
    return Cell(*(max(1, round(each * share)) for each in (private.establishments, private.jobs, private.wages)))
