"""Industries: NAICS 2022 codes out of what sources write, their sectors and titles, one spelling for industry names.

Registrations live longer than code books: a code of NAICS 2012 or 2017 is led to its successor, and where an industry
was divided, to what its successors have in common.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from leadspiders.rules.text import tidy

_RANGES = {
    "31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49",
}  # fmt: skip
_RANGE = re.compile(r"(31|44|48)\s*[-_\u2013]\s*(33|45|49)")
# "NAICS 332710", "332710Y" (SAM.gov's size mark), "332710 - Machine Shops", "332710.0" from a spreadsheet.
_CODE = re.compile(r"(?:naics\D{0,6})?(\d{2,6})(?:\.0)?(?:[yne]|\s*[-:\u2013]?\s*[^\W\d_].*)?", re.IGNORECASE)
# LinkedIn renamed its industries in 2022; providers send either name. Right stands the one that Apollo still uses.
_SAME = {
    "advertising services": "marketing and advertising",
    "advertising": "marketing and advertising",
    "software development": "computer software",
    "software": "computer software",
    "saas": "computer software",
    "technology, information and internet": "internet",
    "it services and it consulting": "information technology and services",
    "information technology": "information technology and services",
    "business consulting and services": "management consulting",
    "consulting": "management consulting",
    "hospitals and health care": "hospital and health care",
    "healthcare": "hospital and health care",
    "health care": "hospital and health care",
    "restaurant": "restaurants",
    "food and beverage services": "food and beverages",
    "ecommerce": "e-commerce",
    "e commerce": "e-commerce",
    "direct to consumer": "direct-to-consumer",
    "d2c": "direct-to-consumer",
    "dtc": "direct-to-consumer",
    "machinery manufacturing": "machinery",
    "motor vehicle manufacturing": "automotive",
    "non-profit organizations": "nonprofit organization management",
    "transportation, logistics, supply chain and storage": "transportation/trucking/railroad",
    "truck transportation": "transportation/trucking/railroad",
    "wholesale": "wholesale",
    "retail trade": "retail",
}


@lru_cache(maxsize=16_384)
def naics(text: str | int | None) -> str | None:
    """A code of NAICS 2022, 2-6 digits or a sector range (`31-33`); None for what is no code.

    `541600`, as Form 5500 pads its coarse codes, is `5416`; `511210` (2017) is `513210`; `454110`, divided among forty
    kinds of shops in 2022, is the sector `44-45`.
    """
    raw = tidy(str(text)) if text is not None else None
    if raw is None:
        return None
    if found := _RANGE.match(raw):
        whole = f"{found[1]}-{found[2]}"
        return whole if whole in _RANGES.values() else None
    match = _CODE.fullmatch(raw)
    if match is None or sector(match[1]) is None:
        return None
    return _current(match[1])


@lru_cache(maxsize=4096)
def candidates(text: str | int | None) -> tuple[str, ...]:
    """The codes of NAICS 2022 that a code which ended was divided into; none where it has one successor or lives on.

    `212113` (2017) is `212114` or `212115`: which of them, only the company knows.
    """
    match = _CODE.fullmatch(tidy(str(text)) or "") if text is not None else None
    if match is None or match[1] in _titles():
        return ()
    found = _superseded().get(match[1], [])
    return tuple(found) if len(found) > 1 else ()


def sector(code: str | None) -> str | None:
    """The sector of a code as BLS writes it: `332710` -> `31-33`, `541511` -> `54`; None where there is none."""
    head = (code or "")[:2]
    found = _RANGES.get(head, head)
    return found if found in _titles() else None


def sector_title(code: str | None) -> str | None:
    """The title of the sector of a code: `332710` -> `Manufacturing`."""
    return _titles().get(sector(code) or "")


def title(code: str | None) -> str | None:
    """The title of a code, or of the nearest industry above it: `332710` -> `Machine shops`."""
    for length in range(len(code or ""), 2, -1):
        if code and (found := _titles().get(code[:length])):
            return found
    return sector_title(code)


def codes_below(prefix: str) -> tuple[str, ...]:
    """All six-digit codes that start so, those of NAICS 2012 and 2017 that ended too: registrations keep them."""
    found = {code for code in (*_titles(), *_superseded()) if len(code) == 6 and code.startswith(prefix)}
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def from_text(text: str | None) -> str | None:
    """One spelling of an industry's name (`Marketing & Advertising`, `Advertising` -> `marketing and advertising`).

    Names are not turned into codes: that would be a guess.
    """
    raw = tidy(text)
    if raw is None:
        return None
    name = " ".join(raw.lower().replace("&", " and ").split())
    return _SAME.get(name, name)


def _current(code: str) -> str:
    """The code itself when it is of 2022 or unknown, else what its successors share."""
    if code in _titles():
        return code
    if len(code) == 2:
        return _RANGES.get(code, code)
    heirs = [heir for old, new in _superseded().items() if old.startswith(code) for heir in new]
    if not heirs:
        trimmed = code.rstrip("0")
        return trimmed if len(trimmed) > 2 and trimmed in _titles() else code
    while len(code) > 2:
        if all(heir.startswith(heirs[0][: len(code)]) for heir in heirs):
            return heirs[0][: len(code)]
        code = code[:-1]
    return sector(heirs[0]) or code


@cache
def _titles() -> dict[str, str]:
    return {row["code"]: row["title"] for row in _rows("industries.csv")}


@cache
def _superseded() -> dict[str, list[str]]:
    return {row["code"]: row["successors"].split() for row in _rows("superseded_industries.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("leadspiders.rules") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
