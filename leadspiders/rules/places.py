"""Places: state codes, countries, cities, ZIP codes, and the nine metros of a campaign.

Metros come from `data/metros.csv`: their main places by name, since people write Brooklyn and not a county code.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

import us

from leadspiders.rules.casing import one_case, titled
from leadspiders.rules.text import fold, tidy

UNITED_STATES = "United States"
_STATES = (*us.STATES_AND_TERRITORIES, us.states.DC)
_ZIP = re.compile(r"(\d{5})(?:[- ]?(\d{4}))?")
_ZIP_AT_END = re.compile(r"\s+\d{5}(?:-\d{4})?$")
_SMALL = frozenset({"and", "by", "de", "del", "in", "la", "of", "on", "or", "the", "upon"})
_CITY = re.compile(r"[^\W\d_][\w\s.'\u2019\-/()]*")
# "Greater Chicago Area" and "Denver Metropolitan Area" name a metro and no city.
_AREA = re.compile(r"(?:^the\s+)?(?:^greater\s+.+|.+\s(?:area|metroplex|metro)$)", re.IGNORECASE)
_AREA_WORDS = frozenset({"the", "greater", "area", "metropolitan", "metro", "city", "bay", "region"})
# "Austin, Texas Metropolitan Area": the state stands before the words, and the town names the area.
_AREA_TAIL = re.compile(r"\s+(?:metropolitan\s+area|metro\s+area|area|metroplex|metro)$", re.IGNORECASE)
_NICKNAMES = {
    "bay area": "San Francisco", "chicagoland": "Chicago", "metro atlanta": "Atlanta", "metro boston": "Boston",
    "metro denver": "Denver", "sf bay area": "San Francisco", "silicon valley": "San Francisco",
    "the bay area": "San Francisco",
}  # fmt: skip
# Where work is done from, and no place.
_NO_CITY = frozenset({"remote", "anywhere", "nationwide", "various", "multiple locations", "worldwide", "usa", "us"})
# "Denver CO", "DENVER CO 80202": a state's code behind a town without a comma.
_CODE_AT_END = re.compile(r"(.*[^\W\d_.].*?)\s+([A-Z]{2})(?:\s+\d{5}(?:-\d{4})?)?")
_ISO_STATE = re.compile(r"us[- ]([a-z]{2})")
_STATE_DRESS = re.compile(r"^(?:state|commonwealth) of | state$")
_COMPASS = {"n": "north", "no": "north", "s": "south", "so": "south", "w": "west"}
_SHORT = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
_ALIASES = {
    "nyc": "New York", "new york city": "New York", "sf": "San Francisco", "l a": "Los Angeles", "la": "Los Angeles",
    "washington dc": "Washington", "washington d c": "Washington",
}  # fmt: skip
_ALIAS_IN = {"la": "CA"}  # a short form that means the city in one state only


@lru_cache(maxsize=4096)
def state(text: str | None) -> str | None:
    """The two-letter code of a US state, DC or territory, by name, code or the end of a place (`Ohio, US` -> `OH`)."""
    parts = _parts(text)
    while parts and (country(parts[-1]) == UNITED_STATES or _ZIP.fullmatch(parts[-1])):
        parts.pop()
    return _state_of(_ZIP_AT_END.sub("", parts[-1])) if parts else None


def _state_of(text: str) -> str | None:
    name = fold(_AREA_TAIL.sub("", text))
    if found := _states().get(name):
        return found
    if iso := _ISO_STATE.fullmatch(name):
        return _states().get(iso[1])
    first, _, rest = name.partition(" ")
    return _states().get(_STATE_DRESS.sub("", f"{_COMPASS.get(first, first)} {rest}".strip()))


@lru_cache(maxsize=4096)
def country(text: str | None) -> str | None:
    """The usual English name of a country, by name or ISO 3166 code (`USA`, `US`, `840` -> `United States`)."""
    raw = tidy(text)
    return _countries().get(fold(raw)) if raw else None


@lru_cache(maxsize=4096)
def region(text: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of a country, as phone numbers need it."""
    name = country(text)
    return next((row["alpha2"] for row in _rows("countries.csv") if row["name"] == name), None) if name else None


@lru_cache(maxsize=16_384)
def city(text: str | None, state: str | None = None) -> str | None:
    """A city by itself in its case (`DAYTON, OH` -> `Dayton`, `NYC` -> `New York`); None for `Greater Chicago Area`.

    `state` is its code: `LA` is Los Angeles in California only.
    """
    parts = _parts(text)
    if not parts or _is_area(parts):
        return None
    if _ISO_STATE.fullmatch(fold(parts[0])) and _state_of(parts[0]):
        return None
    town = _town_and_code(parts[0])[0]
    if not _CITY.fullmatch(town) or fold(town) in _NO_CITY:
        return None
    if known := _alias(town, state):
        return known
    return titled(town, small=_SMALL) if one_case(town) else town


@lru_cache(maxsize=16_384)
def metro(city: str | None, state: str | None = None) -> str | None:
    """One of the nine metros, by city and state, or by the name of its area (`San Francisco Bay Area`).

    Of `Austin-Round Rock` and `San Francisco/Oakland` the first town says it.
    """
    parts = _parts(city)
    if not parts:
        return None
    if _is_area(parts):
        if known := _NICKNAMES.get(fold(parts[0])):
            return known
        core = " ".join(word for word in fold(parts[0]).split() if word not in _AREA_WORDS)
        found = _areas().get(core)
        # Austin, Texas and no other: the state must be the metro's where it is named.
        told = _state_of(parts[-1]) if len(parts) > 1 else None
        return found if found and (told is None or _metros().get((city_key(found), told)) == found) else None
    town, code = _town_and_code(parts[0])
    code = state or code or ""
    name = _alias(town, code) or town
    return _metros().get((city_key(name), code)) or _metros().get((city_key(re.split(r"[-/]", name)[0]), code))


@lru_cache(maxsize=4096)
def city_key(city: str) -> str:
    """A city for comparing: `St. Louis` and `Saint Louis`, `Fort Worth` and `Ft. Worth` are one."""
    return " ".join(_SHORT.get(word, word) for word in fold(city).split())


def fips(state: str | None) -> str | None:
    """The two-digit FIPS code that BLS and Census write for a state code: `OH` -> `39`."""
    return next((one.fips for one in _STATES if one.abbr == state), None)


def state_of_fips(area: str | None) -> str | None:
    """The state of a FIPS code of two to five digits: `39`, `39000`, `39049` -> `OH`; None for MSA and US codes."""
    return next((one.abbr for one in _STATES if one.fips == area[:2]), None) if area and area.isdigit() else None


def postal_code(text: str | None) -> str | None:
    """A US ZIP code, with its last four digits if given (`454021234` -> `45402-1234`); else None."""
    found = _ZIP.fullmatch(tidy(text) or "")
    return "-".join(part for part in found.groups() if part) if found else None


def locate(text: str | None) -> tuple[str | None, str | None, str | None]:
    """City, state and country out of one line: `Dayton, Ohio, United States`. What it does not say stays None."""
    parts = [part for part in _parts(text) if not _ZIP.fullmatch(part)]
    land = country(parts[-1]) if parts else None
    # Georgia after a comma is the state, alone it is a country by the letter and a state by habit: leave it open.
    if land and len(parts) <= 2 and _state_of(parts[-1]):
        land = None
        if len(parts) == 1:
            return None, None, None
    rest = parts[:-1] if land else parts
    code = state(rest[-1]) if rest and land in {None, UNITED_STATES} else None
    if rest and _is_area(rest):
        return None, code, land
    if rest and code is None and land in {None, UNITED_STATES}:
        town, code = _town_and_code(rest[-1])
        if code:
            return city(town, code), code, land
    # Before the state stands the city, whatever street stands before that.
    named = rest[-2:-1] if code else rest[:1]
    return city(named[0], code) if named else None, code, land


def _is_area(parts: list[str]) -> bool:
    """Whether a place is a region and no town: `Greater Chicago Area`, `Austin, Texas Metropolitan Area`."""
    return bool(
        _AREA.fullmatch(parts[0])
        or fold(parts[0]) in _NICKNAMES
        or (len(parts) > 1 and _AREA_TAIL.search(parts[-1]) and _state_of(parts[-1]))
    )


def _town_and_code(text: str) -> tuple[str, str | None]:
    """`Denver CO` -> `Denver`, `CO`; the text itself where no code stands behind it."""
    found = _CODE_AT_END.fullmatch(text)
    if found is None or fold(text) in _ALIASES or found[2] not in _states().values():
        return text, None
    return found[1], found[2]


def _alias(town: str, state: str | None) -> str | None:
    name = fold(town)
    return _ALIASES.get(name) if _ALIAS_IN.get(name, state) == state else None


def _parts(text: str | None) -> list[str]:
    return [part for piece in (tidy(text) or "").split(",") if (part := piece.strip())]


@cache
def _states() -> dict[str, str]:
    names = {fold(name): one.abbr for one in _STATES for name in (one.name, one.abbr, one.ap_abbr) if name}
    return names | {
        "washington d c": "DC",
        "washington dc": "DC",
        "wash d c": "DC",
        "tex": "TX",
        "penn": "PA",
        "nys": "NY",
        "d c": "DC",
        "us virgin islands": "VI",
        "u s virgin islands": "VI",
    }


@cache
def _countries() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in _rows("countries.csv"):
        for key in (row["alpha2"], row["alpha3"], row["numeric"], row["name"], *row["also"].split("|")):
            names[fold(key)] = row["name"]
    names.pop("", None)
    return names


@cache
def _metros() -> dict[tuple[str, str], str]:
    return {(city_key(row["place"]), row["state"]): row["metro"] for row in _rows("metros.csv")}


@cache
def _areas() -> dict[str, str]:
    return {fold(row["metro"]): row["metro"] for row in _rows("metros.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("leadspiders.rules") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
