"""Bulk files: a year of slices in one zip, which holds far more than a campaign asks for."""

import re
from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import NoReturn

from leadspiders.apis.bls.contract import API, check
from leadspiders.apis.bls.slices import By, slice_code
from leadspiders.apis.http import Call, Reply, host
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.market_cell import MarketCell

# "2016.q1-q4 34033 Salem County, New Jersey.csv": one area or industry a member.
_MEMBER = re.compile(r"\d{4}\.\S+ (?P<code>[0-9A-Z]{2,6}(?:-\d\d)?) .*\.csv")


def bulk_call(year: int, quarter: str, by: By, codes: Collection[str]) -> Call:
    """The call for the zip that holds these slices; `quarter` is 1-4 or `a`.

    What is asked of it stands behind the `#`, which never goes out: it tells later runs what was read of the file.
    """
    if by == "size" and quarter != "1":
        raise ArgumentError(f"quarter={quarter}: BLS publishes size classes for the first quarter only, use quarter=1")
    name = "q1_by_size" if by == "size" else f"{'annual' if quarter == 'a' else 'qtrly'}_by_{by}"
    asked = ",".join(sorted(data_code(by, code) for code in codes))
    path = f"/cew/data/files/{year}/csv/{year}_{name}.zip#quarter={quarter}&codes={asked}"
    return Call(api=API.name, path=path, headers={"Accept": "application/zip, */*"}, purpose="market cells")


def read_bulk_refusal(answer: Reply) -> NoReturn:
    """Raise what an answer that is no zip stands for."""
    check(answer)
    raise Unreadable(f"{host(answer.url)} answered {answer.status} where a bulk file was asked for")


def data_code(by: By, code: str) -> str:
    """A code as the rows spell it: `31-33`, where the address of its slice has `31_33`."""
    return slice_code(by, code).replace("_", "-")


def may_hold(member: str, codes: Collection[str]) -> bool:
    """Whether a member of the zip can hold rows of these codes; one whose name tells nothing may."""
    found = _MEMBER.fullmatch(PurePosixPath(member).name)
    return found is None or found["code"] in codes


def among(by: By, quarter: str, codes: Collection[str]) -> Callable[[MarketCell], bool]:
    """Whether a cell stands in one of these slices, too."""
    field = {"area": "area_fips", "industry": "industry_code", "size": "size_code"}[by]
    qtr = quarter.upper()
    # Area and industry slices hold all sizes together, and no single one.
    return lambda cell: getattr(cell, field) in codes and cell.qtr == qtr and (by == "size" or cell.size_code == "0")
