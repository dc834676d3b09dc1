"""Where the people and companies of the world live: states with codes, and the nine metros that A asks for."""

import random
from dataclasses import dataclass
from functools import cache

# code, name, FIPS, area code, first three digits of a ZIP code, cities
_STATES = """
AL Alabama 01 205 352 Birmingham,Mobile
AK Alaska 02 907 995 Anchorage,Juneau
AZ Arizona 04 602 850 Phoenix,Tucson
AR Arkansas 05 501 722 Little Rock,Fayetteville
CA California 06 916 958 Sacramento,San Diego,Fresno
CO Colorado 08 719 809 Colorado Springs,Fort Collins
CT Connecticut 09 203 061 Hartford,Stamford
DE Delaware 10 302 198 Wilmington,Dover
DC District of Columbia 11 202 200 Washington
FL Florida 12 305 331 Miami,Tampa,Orlando
GA Georgia 13 912 314 Savannah,Augusta
HI Hawaii 15 808 968 Honolulu,Hilo
ID Idaho 16 208 837 Boise,Idaho Falls
IL Illinois 17 217 627 Springfield,Peoria
IN Indiana 18 317 462 Indianapolis,Fort Wayne
IA Iowa 19 515 503 Des Moines,Cedar Rapids
KS Kansas 20 316 672 Wichita,Topeka
KY Kentucky 21 502 402 Louisville,Lexington
LA Louisiana 22 504 701 New Orleans,Baton Rouge
ME Maine 23 207 041 Portland,Bangor
MD Maryland 24 410 212 Baltimore,Annapolis
MA Massachusetts 25 413 011 Springfield,Worcester
MI Michigan 26 313 482 Detroit,Grand Rapids
MN Minnesota 27 612 554 Minneapolis,Duluth
MS Mississippi 28 601 392 Jackson,Biloxi
MO Missouri 29 314 631 St. Louis,Kansas City
MT Montana 30 406 591 Billings,Missoula
NE Nebraska 31 402 681 Omaha,Lincoln
NV Nevada 32 702 891 Las Vegas,Reno
NH New Hampshire 33 603 031 Manchester,Nashua
NJ New Jersey 34 609 086 Trenton,Princeton
NM New Mexico 35 505 871 Albuquerque,Santa Fe
NY New York 36 518 122 Albany,Buffalo,Rochester
NC North Carolina 37 919 276 Raleigh,Charlotte
ND North Dakota 38 701 581 Fargo,Bismarck
OH Ohio 39 614 432 Columbus,Dayton,Cleveland
OK Oklahoma 40 405 731 Oklahoma City,Tulsa
OR Oregon 41 503 972 Portland,Salem
PA Pennsylvania 42 215 191 Philadelphia,Pittsburgh
RI Rhode Island 44 401 029 Providence,Newport
SC South Carolina 45 803 292 Columbia,Charleston
SD South Dakota 46 605 571 Sioux Falls,Rapid City
TN Tennessee 47 615 372 Nashville,Memphis
TX Texas 48 214 752 Dallas,Houston,San Antonio
UT Utah 49 801 841 Salt Lake City,Provo
VT Vermont 50 802 054 Burlington,Rutland
VA Virginia 51 804 232 Richmond,Reston
WA Washington 53 509 992 Spokane,Vancouver
WV West Virginia 54 304 253 Charleston,Morgantown
WI Wisconsin 55 414 532 Milwaukee,Madison
WY Wyoming 56 307 820 Cheyenne,Casper
"""
# metro, CBSA code as QCEW writes it, state, area code, ZIP prefix, cities
_METROS = """
New York City|C3562|NY|212|100|New York,Brooklyn,Queens
San Francisco|C4186|CA|415|941|San Francisco,Oakland,Redwood City
Los Angeles|C3108|CA|213|900|Los Angeles,Santa Monica,Pasadena
Chicago|C1698|IL|312|606|Chicago,Evanston
Boston|C1446|MA|617|021|Boston,Cambridge
Seattle|C4266|WA|206|981|Seattle,Bellevue
Austin|C1242|TX|512|787|Austin,Round Rock
Denver|C1974|CO|303|802|Denver,Aurora
Atlanta|C1206|GA|404|303|Atlanta,Marietta
"""


@dataclass(frozen=True, slots=True)
class State:
    """A state as three kinds of readers write it: `OH`, `Ohio`, `39`."""

    code: str
    name: str
    fips: str


@dataclass(frozen=True, slots=True)
class Place:
    """A city with the prefixes of its telephone numbers and ZIP codes; `metro` is blank outside the nine."""

    city: str
    state: State
    area_code: str
    zip_prefix: str
    metro: str = ""


def _lines(table: str) -> list[str]:
    return table.strip().splitlines()


def _state_rows() -> list[tuple[State, str, str, list[str]]]:
    rows = []
    for entry in _lines(_STATES):
        code, rest = entry.split(" ", 1)
        digits = next(at for at, letter in enumerate(rest) if letter.isdigit())
        fips, area, prefix, cities = rest[digits:].split(" ", 3)
        rows.append((State(code, rest[:digits].strip(), fips), area, prefix, cities.split(",")))
    return rows


STATES = {row[0].code: row[0] for row in _state_rows()}
METRO_AREAS = {entry.split("|")[1]: (entry.split("|")[0], entry.split("|")[2]) for entry in _lines(_METROS)}
"""CBSA code of QCEW -> (metro, state code)."""


@cache
def everywhere() -> tuple[Place, ...]:
    """Every place outside the nine metros."""
    return tuple(Place(city, state, area, prefix) for state, area, prefix, cities in _state_rows() for city in cities)


@cache
def metros() -> tuple[Place, ...]:
    """Every place inside the nine metros; big cities stand first and come up more often."""
    rows = [entry.split("|") for entry in _lines(_METROS)]
    return tuple(
        Place(city, STATES[state], area, prefix, metro)
        for metro, _, state, area, prefix, cities in rows
        for city in cities.split(",")
    )


def somewhere(rng: random.Random, metro_share: float = 0.6) -> Place:
    """A place; `metro_share` of them lie in the nine metros."""
    return rng.choice(metros() if rng.random() < metro_share else everywhere())


def phone(rng: random.Random, place: Place) -> str:
    """A telephone number that nobody has: 555-0100 to 555-0199 are kept free for fiction."""
    return f"({place.area_code}) 555-01{rng.randrange(100):02d}"


def street(rng: random.Random) -> str:
    """A street address that looks like one."""
    name = rng.choice(("Mill", "Main", "Market", "Oak", "Harbor", "Lake", "Union", "Cedar", "Park", "Canal", "Station"))
    kind = rng.choice(("St", "Ave", "Blvd", "Rd", "Way", "Pkwy"))
    return f"{rng.randrange(10, 9900)} {name} {kind}"
