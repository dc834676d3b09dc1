"""Which QCEW slice to ask for: one area, industry or size class of one quarter, or of a year's averages."""

import re
from typing import Literal

from leadspiders.apis.bls.contract import API
from leadspiders.apis.http import Call
from leadspiders.errors import ArgumentError

By = Literal["area", "industry", "size"]

# Employees of an establishment in March; class 9 is open-ended, class 0 is all of them.
SIZES = {
    "0": (0, None), "1": (0, 4), "2": (5, 9), "3": (10, 19), "4": (20, 49),
    "5": (50, 99), "6": (100, 249), "7": (250, 499), "8": (500, 999), "9": (1000, None),
}  # fmt: skip
COMBINED = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49", "49": "48-49"}


def slice_call(year: int, quarter: int | str, by: By, code: str) -> Call:
    """The call for one slice; `quarter` is 1-4, or `a` for annual averages.

    `code` is an area (`US000`, `39049`, `C1242`, or `39` for all of Ohio), an industry (`10`, `31-33`, `5415`) or a
    size class (`5`). Raises `ArgumentError` for what BLS cannot have.
    """
    qtr = str(quarter).strip().lower()
    if not 1975 <= year <= 9999:
        raise ArgumentError(f"year={year}: give the four digits of a year from 1975 on")
    if qtr not in {"1", "2", "3", "4", "a"}:
        raise ArgumentError(f"quarter={quarter}: use 1, 2, 3, 4, or a for annual averages")
    if by == "size" and qtr != "1":
        raise ArgumentError(f"quarter={quarter}: BLS publishes size classes for the first quarter only, use quarter=1")
    path = f"/cew/data/api/{year}/{qtr}/{by}/{slice_code(by, code)}.csv"
    return Call(api=API.name, path=path, headers={"Accept": "text/csv"}, purpose="market cells")


def slice_code(by: By, code: str) -> str:
    """A code as the address of its slice spells it; raises `ArgumentError` with what would do."""
    text = code.strip().upper()
    if by == "size":
        if text not in SIZES:
            raise ArgumentError(f"codes={code}: a size class is one digit, 0-9")
        return text
    if by == "area":
        text = "US000" if text == "US" else text + "000" if re.fullmatch(r"\d\d", text) else text
        if not re.fullmatch(r"\d{5}|US(000|CMS|MSA|NMS)|C\d{4}|CS\d{3}", text):
            raise ArgumentError(f"codes={code}: an area is a state (39), a county (39049), C1242, CS198 or US000")
        return text
    if by != "industry":
        raise ArgumentError(f"by={by}: use area, industry or size")
    text = text.replace("-", "_")
    if text in COMBINED:
        raise ArgumentError(f"codes={code}: BLS joins these sectors, use {COMBINED[text]}")
    if not re.fullmatch(r"31_33|44_45|48_49|\d{2,6}", text):
        raise ArgumentError(f"codes={code}: an industry has 2 to 6 digits (5415), or is 31-33, 44-45 or 48-49")
    return text


def size_range(code: str) -> tuple[int, int | None]:
    """Least and most employees of a size class; None: open-ended. Raises `ArgumentError` for no size class."""
    if code not in SIZES:
        raise ArgumentError(f"size_code {code!r}: a size class is one digit, 0-9")
    return SIZES[code]
