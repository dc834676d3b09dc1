"""The aggregation level (`agglvl_code`) of a cell, worked out from what it is about: time series do not say it."""

import re

from leadspiders.apis.bls.titles import is_micro

_DOMAINS = {"101", "102"}
_TOTALS = {"USMSA": "91", "USCMS": "92", "USNMS": "93"}


def level(area: str, own: str, industry: str, size: str = "0") -> str:
    """The two digits that BLS gives such a row: `14` a sector of the nation, `64` a sector of a state by size."""
    if area in _TOTALS:
        return _TOTALS[area]
    if own in {"8", "9"}:
        return "94" if own == "9" else "95" if area == "US000" else "96"
    place = _place(area)
    if size != "0":
        return str((20 if place == 10 else 60) + depth(industry))
    return str(place if own == "0" or place in {30, 80} else place + depth(industry))


def depth(industry: str) -> int:
    """1 total, 2 domain, 3 supersector, 4 sector, 5 to 8 for three to six digits."""
    if industry == "10":
        return 1
    if industry in _DOMAINS:
        return 2
    if re.fullmatch(r"10\d\d", industry):
        return 3
    return 4 if "-" in industry else len(industry) + 2


def _place(area: str) -> int:
    if area == "US000":
        return 10
    if area.startswith("CS"):
        return 30
    if area.startswith("C"):
        return 80 if is_micro(area) else 40
    return 50 if area.endswith("000") else 70
