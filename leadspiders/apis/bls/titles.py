"""What QCEW codes are called: areas, industries, owners, size classes and levels, for reports and feeds."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from leadspiders.rules import industries

Kind = Literal["area", "industry", "ownership", "size", "level"]


def title(kind: Kind, code: str) -> str:
    """The title of a code as BLS writes it; the code itself where there is none, as for an area drawn later.

    Industries of the current NAICS have the titles of `rules.industries`; one that BLS divides further (`238111`), or
    that has ended, has the title it had.
    """
    found = _titles()[kind].get(code)
    if found is None and kind == "industry":
        found = industries.title(code)
    return found or code


def is_micro(area: str) -> bool:
    """Whether an area (`C1010`) is a micropolitan one, which the code does not tell apart from a metropolitan one."""
    return title("area", area).endswith("MicroSA")


@cache
def _titles() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {"area": {row["code"]: row["title"] for row in _rows("areas.csv")}}
    for row in _rows("codes.csv"):
        found.setdefault(row["kind"], {})[row["code"]] = row["title"]
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("leadspiders.apis.bls") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
