"""Between time series and market cells: which series tell of a cell, and the cell that their points make up."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from leadspiders.apis.bls.levels import depth, level
from leadspiders.apis.bls_api import Point, series_id
from leadspiders.errors import ArgumentError
from leadspiders.items.market_cell import MarketCell

# Data type -> field of the cell; type 5, annual pay, has none and goes to the extras.
FIELDS = {"1": "employment", "2": "establishments", "3": "total_wages", "4": "avg_weekly_wage"}
TYPES = ("employees", "establishments", "total_wages", "weekly_wage")
_ID = re.compile(
    r"ENU(?P<area>[0-9A-Z]{5})(?P<type>[1-5])(?P<size>\d)(?P<own>[0-589])(?P<industry>\d{2,6}|31-33|44-45|48-49)"
)


class Spot(NamedTuple):
    """What a series is about, its data type apart."""

    area: str
    own: str
    industry: str
    size: str


def parts(series: str) -> tuple[Spot, str]:
    """What a series id is about, and its data type; raises `ArgumentError` for no id of QCEW."""
    found = _ID.fullmatch(series.strip().upper())
    if found is None:
        raise ArgumentError(
            f"series={series}: no QCEW series. It is ENU, area, data type 1-5, size, ownership, industry: ENU3904910510"
        )
    return Spot(found["area"], found["own"], found["industry"], found["size"]), found["type"]


def series_of(areas: Sequence[str], industries: Sequence[str], sizes: Sequence[str]) -> list[str]:
    """The series of private employers for all of these: four a cell, side by side.

    Left out is what no series has: combined sectors (31-33), and sizes below state x sector.
    """
    return [
        series_id(area, kind, size=size, industry=industry)
        for area, industry, size in product(areas, industries, sizes)
        if re.fullmatch(r"\d{2,6}", industry)
        and (size == "0" or area == "US000" or (area.endswith("000") and depth(industry) <= 4))
        for kind in TYPES
    ]


def batches(ids: Sequence[str], most: int) -> Iterator[list[str]]:
    """The ids in groups of up to `most` for one query each; the series of one cell stay together."""
    cells: dict[Spot, list[str]] = {}
    for one in dict.fromkeys(one.strip().upper() for one in ids):
        cells.setdefault(parts(one)[0], []).append(one)
    batch: list[str] = []
    for together in cells.values():
        if batch and len(batch) + len(together) > most:
            yield batch
            batch = []
        batch += together
    if batch:
        yield batch


def read_cells(series: Mapping[str, Sequence[Point]]) -> Iterator[MarketCell]:
    """One cell for each area, owner, industry, size, year and quarter that any of the series has a point for.

    A measure that no series tells is None. Where BLS writes `-` the cell is withheld: code `N` if another series tells
    the number of establishments, else `-`. Monthly employment counts with the last month of its quarter.
    """
    cells: dict[tuple[Spot, int, str], dict[str, float | None]] = {}
    for name, points in series.items():
        spot, kind = parts(name)
        for point in points:
            if qtr := quarter_of(point.period):
                cells.setdefault((spot, point.year, qtr), {})[kind] = point.value
    for (spot, year, qtr), told in cells.items():
        yield _cell(spot, year, qtr, told)


def quarter_of(period: str) -> str | None:
    """`1`-`4` or `A`; None for a month within a quarter, and for the average of months (`M13`)."""
    if period == "A01":
        return "A"
    if found := re.fullmatch(r"Q0([1-4])", period):
        return found[1]
    return {"M03": "1", "M06": "2", "M09": "3", "M12": "4"}.get(period)


def _cell(spot: Spot, year: int, qtr: str, told: Mapping[str, float | None]) -> MarketCell:
    withheld = None in told.values()
    counts = told.get("2")
    code = "" if not withheld else "-" if counts is None else "N"
    values = {FIELDS[kind]: _whole(value) for kind, value in told.items() if kind in FIELDS}
    if withheld:
        values = {"establishments": _whole(counts)}
    pay = told.get("5")
    return MarketCell(
        area_fips=spot.area,
        own_code=spot.own,
        industry_code=spot.industry,
        agglvl_code=level(spot.area, spot.own, spot.industry, spot.size),
        size_code=spot.size,
        year=year,
        qtr=qtr,
        disclosure_code=code,
        establishments=values.get("establishments"),
        employment=values.get("employment"),
        total_wages=values.get("total_wages"),
        avg_weekly_wage=values.get("avg_weekly_wage"),
        extras={"avg_annual_pay": _whole(pay)} if pay is not None else {},
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
