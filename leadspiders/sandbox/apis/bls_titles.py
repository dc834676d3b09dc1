"""The title files of QCEW: what each code is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadspiders.sandbox.apis.bls_rows import Row
from leadspiders.sandbox.world.industries import DOMAINS, SECTORS, SUPERSECTORS, TRADES
from leadspiders.sandbox.world.markets import COUNTIES
from leadspiders.sandbox.world.places import METRO_AREAS, STATES

_COUNTY_NAMES = {"001": "Adams", "003": "Baker", "005": "Clay", "007": "Dixon"}
_PLACES = {10: "National", 40: "MSA", 50: "State", 70: "County"}
_DEPTHS = (
    "",
    "Total",
    "by Domain",
    "by Supersector",
    "NAICS Sector",
    *(f"NAICS {digits}-digit" for digits in range(3, 7)),
)


@dataclass(frozen=True, slots=True)
class TitleFile:
    """One title file: its name, the two columns, and code -> title."""

    name: str
    columns: tuple[str, str]
    titles: Mapping[str, str]


def _areas() -> dict[str, str]:
    found = {"US000": "U.S. TOTAL"}
    for state in STATES.values():
        found[f"{state.fips}000"] = f"{state.name} -- Statewide"
        for county in COUNTIES:
            name = f"{_COUNTY_NAMES[county]} County" if county in _COUNTY_NAMES else "Unknown Or Undefined"
            found[state.fips + county] = f"{name}, {state.name}"
    return found | {code: f"{metro}, {state} MSA" for code, (metro, state) in METRO_AREAS.items()}


def _industries() -> dict[str, str]:
    found = {"10": "Total, all industries"} | DOMAINS
    found |= {code: title for code, (title, _) in SUPERSECTORS.items()}
    found |= {code: f"NAICS {code} {title}" for code, title in SECTORS.items()}
    for trade in TRADES:
        for digits in (3, 4, 5, 6):
            found.setdefault(trade.naics[:digits], f"NAICS {trade.naics[:digits]} {trade.title}")
    return found


def _levels() -> dict[str, str]:
    found = {}
    for code, place in _PLACES.items():
        found[str(code)] = f"{place}, Total Covered"
        for depth in range(1, 9):
            found[str(code + depth)] = f"{place}, {_DEPTHS[depth]} -- by ownership sector"
    for code, place, deepest in ((20, "National", 8), (60, "State", 4)):
        for depth in range(1, deepest + 1):
            found[str(code + depth)] = f"{place}, Private, {_DEPTHS[depth].lower()}, by establishment size class"
    return found


AREAS = _areas()
SIZES = {
    "0": "All establishment sizes",
    "1": "Fewer than 5 employees per establishment",
    "2": "5 to 9 employees per establishment",
    "3": "10 to 19 employees per establishment",
    "4": "20 to 49 employees per establishment",
    "5": "50 to 99 employees per establishment",
    "6": "100 to 249 employees per establishment",
    "7": "250 to 499 employees per establishment",
    "8": "500 to 999 employees per establishment",
    "9": "1000 or more employees per establishment",
}
_OWNERS = {
    "0": "Total Covered",
    "1": "Federal Government",
    "2": "State Government",
    "3": "Local Government",
    "4": "International Government",
    "5": "Private",
    "8": "Total Government",
    "9": "Total U.I. Covered (Excludes Federal Government)",
}
INDUSTRIES = _industries()
_LEVELS = _levels()
FILES = {
    "area": TitleFile("area_titles.csv", ("area_fips", "area_title"), AREAS),
    "industry": TitleFile("industry_titles.csv", ("industry_code", "industry_title"), INDUSTRIES),
    "ownership": TitleFile("ownership_titles.csv", ("own_code", "own_title"), _OWNERS),
    "size": TitleFile("size_titles.csv", ("size_code", "size_title"), SIZES),
    "agglevel": TitleFile("agglevel_titles.csv", ("agglvl_code", "agglvl_title"), _LEVELS),
}


def of_row(row: Row) -> tuple[str, str, str, str, str]:
    """The five titles that bulk files carry in each row."""
    spot = row.spot
    industry = INDUSTRIES.get(spot.industry, spot.industry)
    total = f"10 {industry}" if spot.industry == "10" else industry
    return AREAS[spot.area], _OWNERS[spot.owner], total, _LEVELS[str(spot.level)], SIZES[spot.size]
