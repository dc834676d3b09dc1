"""How many people work there, out of the dozen ways sources write it, and whether that is in a campaign's range."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from leadspiders.items.company import Company
from leadspiders.rules.text import tidy


class Staff(NamedTuple):
    """Head count: `least` and `most` bound it (`most` None: open-ended), `exact` is one number if given."""

    least: int
    most: int | None
    exact: int | None = None


SIZE_CLASSES: dict[str, Staff] = {
    "1": Staff(0, 4),
    "2": Staff(5, 9),
    "3": Staff(10, 19),
    "4": Staff(20, 49),
    "5": Staff(50, 99),
    "6": Staff(100, 249),
    "7": Staff(250, 499),
    "8": Staff(500, 999),
    "9": Staff(1000, None),
}
"""QCEW size classes by `size_code` (BLS `size_titles.csv`): staff of an establishment, not of a firm. 9 is open."""

# `51,200` is Apollo's range 51-200 although it looks like a number with thousands; only what providers use counts.
_BUCKETS = frozenset({
    (11, 100), (11, 200), (51, 100), (51, 200), (51, 250), (51, 500), (101, 200), (101, 250), (101, 500), (201, 500),
    (251, 500), (100, 249), (250, 499), (500, 999),
})  # fmt: skip
# Thousands with a comma, or with the dot of Europe; `1.5` only before a k or m.
_N = r"(\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+(?<!0)|\d+\.\d+(?=\s*[km])|\d+)(?:\.0+)?\s*([km]?)"
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_BUCKET = re.compile(r"(\d{1,3}),(\d{3})")
_PAIR = re.compile(rf"{_N}\s*(?:-|to|and|_)\s*{_N}")
_PLAIN_PAIR = re.compile(r"(\d+),(\d+)")
_OPEN = re.compile(rf"(?:{_N}\s*(?:\+|,|or more|and more|and over|plus))|(?:(?:at least|>=|\u2265)\s*{_N})")
_ABOVE = re.compile(rf"(?:over|more than|>)\s*{_N}")
_BELOW = re.compile(rf"(?:less than|fewer than|under|<)\s*{_N}")
_AT_MOST = re.compile(rf"(?:(?:up to|at most|<=|\u2264)\s*{_N})|(?:{_N}\s*or (?:less|fewer))")
# `D (51-200)`: LinkedIn's letter beside the range that it stands for.
_LETTERED = re.compile(r"[a-i]\s*\((.+)\)")
_ONE = re.compile(_N)
_NOISE = re.compile(
    r"\b(?:employees?|staff|people|per establishment|persons?|on linkedin|est|about|approx)\b\.?"
    r"|^c_|^(?:company )?size:|[~\u2248\[\]\"()]"
)


def staff(said: object) -> Staff | None:
    """`51-200`, `51,200`, 140, `c_100_249`, `1000+`, `10,001+ employees`, `1K-5K`, `fewer than 50`, `[51, 200]`.

    A list is `[least, most]` (`[1001, None]`: open-ended); anything else than text, numbers and lists is nothing.
    """
    if isinstance(said, list | tuple):
        return _bounds(said)
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _exact(int(said)) if isfinite(said) and said == int(said) else None
    return _read(said) if isinstance(said, str) else None


@lru_cache(maxsize=4096)  # the same few ranges all over
def _read(text: str) -> Staff | None:
    raw = tidy(text)
    if raw is None:
        return None
    plain = raw.lower().replace("\u2013", "-").replace("\u2014", "-").replace(", ", ",")
    if lettered := _LETTERED.fullmatch(plain):
        plain = lettered[1]
    plain = " ".join(_NOISE.sub(" ", plain).split()).strip(" .")
    if plain in {"self-employed", "self employed", "myself only"}:
        return _exact(1)
    if found := _BUCKET.fullmatch(plain):
        low, high = int(found[1]), int(found[2])
        return Staff(low, high) if (low, high) in _BUCKETS else _exact(low * 1000 + high)
    if found := _PAIR.fullmatch(plain):
        return _range(_number(found[1], found[2] or found[4]), _number(found[3], found[4]))
    return _bounded(plain, top_class=raw.lower().startswith("c_"))


def _bounded(plain: str, *, top_class: bool) -> Staff | None:
    """One number, or a range open at one end; `c_1000` names the class that starts there."""
    if found := _ONE.fullmatch(plain):
        number = _number(found[1], found[2])
        return Staff(number, None) if top_class else _exact(number)
    if found := _PLAIN_PAIR.fullmatch(plain):
        return _range(int(found[1]), int(found[2]))
    for pattern, range_of in _ENDS:
        if found := pattern.fullmatch(plain):
            digits, unit = (found[1], found[2]) if found[1] else found.groups()[2:4]
            return range_of(_number(digits, unit or ""))
    return None


def _bounds(pair: Sequence[object]) -> Staff | None:
    """`[least, most]` as numbers or text; an empty end is open."""
    if len(pair) != 2:
        return None
    low, high = (staff(end) for end in pair)
    if low is None or low.exact is None or (high is None and tidy(str(pair[1] or "")) is not None):
        return None
    return _range(low.exact, high.exact if high else None)


def in_range(company: Company, least: int | None, most: int | None) -> bool | None:
    """Whether `least` <= staff <= `most` (None: no bound); None when unknown, or when only a part of its range fits."""
    low, high = (
        (company.employees,) * 2 if company.employees is not None else (company.employee_min, company.employee_max)
    )
    if low is None and high is None:
        return None
    bottom, top = low or 0, float("inf") if high is None else high
    wanted_bottom, wanted_top = least or 0, float("inf") if most is None else most
    if top < wanted_bottom or bottom > wanted_top:
        return False
    return True if wanted_bottom <= bottom and top <= wanted_top else None


def size_class(employees: int) -> str:
    """The QCEW `size_code` that `employees` people fall in: 49 -> 4, 50 -> 5."""
    return max(code for code, size in SIZE_CLASSES.items() if employees >= size.least)


def _number(digits: str, unit: str) -> int:
    times = _UNITS[unit]
    if times > 1 and re.fullmatch(r"\d+\.\d+", digits):
        return round(float(digits) * times)
    return int(digits.replace(",", "").replace(".", "")) * times


def _exact(number: int) -> Staff | None:
    # A head count of 0 is how exports write "not known".
    return Staff(number, number, number) if number > 0 else None


def _range(low: int, high: int | None) -> Staff | None:
    if high is None or low < high:
        return Staff(low, high)
    return _exact(low) if low == high else None


_ENDS: tuple[tuple[re.Pattern[str], Callable[[int], Staff | None]], ...] = (
    (_OPEN, lambda number: _range(number, None)),
    (_ABOVE, lambda number: _range(number + 1, None)),
    (_BELOW, lambda number: _range(0, number - 1)),
    (_AT_MOST, lambda number: _range(0, number)),
)
