"""One row of a QCEW slice: how many establishments a market holds. It sizes the market and never becomes a lead."""

from dataclasses import dataclass, field
from typing import Any

from leadspiders.items.origin import Origin


@dataclass(slots=True, kw_only=True)
class MarketCell:
    """Codes are strings as BLS writes them (`31-33`, `US000`, quarter `1`-`4` or `A`).

    A measure that BLS withholds is None, never 0. `employment` is the third month's level, or the annual average;
    wages are whole dollars; `avg_weekly_wage` is dollars a week. `disclosure_code` is blank when the row is published.
    """

    area_fips: str
    own_code: str
    industry_code: str
    agglvl_code: str
    size_code: str
    year: int
    qtr: str
    disclosure_code: str
    establishments: int | None
    employment: int | None
    total_wages: int | None
    avg_weekly_wage: int | None
    origin: Origin | None = None
    extras: dict[str, Any] = field(default_factory=dict)
