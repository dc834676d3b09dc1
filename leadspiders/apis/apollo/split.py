"""Cuts a search that matches more people than Apollo shows of one query (50,000) into smaller ones."""

from dataclasses import replace

import us

from leadspiders.apis.apollo.people import Target

COUNTRY = frozenset({"united states", "united states of america", "us", "usa"})
STATES = tuple(f"{state.name}, US" for state in (*us.states.STATES, us.states.DC))
# The staff ranges Apollo's own filter offers; the last is open, so its end is far beyond any employer.
STAFF = (
    (1, 10), (11, 20), (21, 50), (51, 100), (101, 200), (201, 500), (501, 1_000), (1_001, 2_000), (2_001, 5_000),
    (5_001, 10_000), (10_001, 10_000_000),
)  # fmt: skip
SENIORITIES = (
    "owner",
    "founder",
    "c_suite",
    "partner",
    "vp",
    "head",
    "director",
    "manager",
    "senior",
    "entry",
    "intern",
)


def split(target: Target) -> list[Target]:
    """Smaller targets that together ask for the same people: by place, then title, staff range and seniority.

    Empty when nothing is left to split by. A person whose state, staff or seniority Apollo does not know is in none of
    the parts of a search that did not name one: the first 50,000 of the whole search are worth reading besides.
    """
    for cut in (_places, _titles, _staff, _seniorities):
        parts = cut(target)
        if len(parts) > 1:
            return parts
    return []


def _places(target: Target) -> list[Target]:
    if len(target.locations) > 1:
        return [replace(target, locations=(place,)) for place in target.locations]
    if target.locations and target.locations[0].lower() in COUNTRY:
        return [replace(target, locations=(state,)) for state in STATES]
    return []


def _titles(target: Target) -> list[Target]:
    return [replace(target, titles=(title,)) for title in target.titles]


def _staff(target: Target) -> list[Target]:
    ranges = target.employees or STAFF
    if len(ranges) == 1:
        least, most = ranges[0]
        if least >= most:
            return []
        middle = (least + most) // 2
        ranges = ((least, middle), (middle + 1, most))
    return [replace(target, employees=(one,)) for one in ranges]


def _seniorities(target: Target) -> list[Target]:
    return [replace(target, seniorities=(level,)) for level in target.seniorities or SENIORITIES]
