"""Cuts a search that matches more people than Apollo shows of one query (500 pages) into smaller ones."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import us

from leadspiders.apis.apollo.people import Target

Cut = Literal["state", "employees", "seniority"]
CUTS: tuple[Cut, ...] = ("state", "employees", "seniority")

COUNTRY = frozenset({"united states", "united states of america", "us", "usa"})
STATES = {state.abbr: f"{state.name}, US" for state in (*us.states.STATES, us.states.DC)}
"""State code -> the place as Apollo's filter takes it."""

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


def split(target: Target, by: Sequence[Cut] = CUTS) -> list[Target]:
    """Smaller targets that together ask for the same people; empty when nothing is left to cut by.

    First by what the search names itself (domains, places), which loses nobody; then as `by` says. Whose state, staff
    or seniority Apollo does not know is in none of the parts that ask for it. Titles come last: nobody is lost, but who
    fits two of them is found twice.
    """
    cuts: list[Callable[[Target], list[Target]]] = [_domains, _places, *(_BY[name] for name in by), _titles]
    for cut in cuts:
        parts = cut(target)
        if len(parts) > 1:
            return parts
    return []


def _domains(target: Target) -> list[Target]:
    middle = len(target.domains) // 2
    halves = (target.domains[:middle], target.domains[middle:]) if middle else ()
    return [replace(target, domains=half) for half in halves]


def _places(target: Target) -> list[Target]:
    return [replace(target, locations=(place,)) for place in target.locations]


def _states(target: Target) -> list[Target]:
    if len(target.locations) == 1 and target.locations[0].lower() in COUNTRY:
        return [replace(target, locations=(state,)) for state in STATES.values()]
    return []


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


def _titles(target: Target) -> list[Target]:
    return [replace(target, titles=(title,)) for title in target.titles]


_BY: dict[Cut, Callable[[Target], list[Target]]] = {
    "state": _states,
    "employees": _staff,
    "seniority": _seniorities,
}
