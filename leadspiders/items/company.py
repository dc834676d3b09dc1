"""An employer: what SAM.gov registers, what Apollo knows, and what the two together make of it."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from leadspiders.items.evidence import Evidence
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Scores

MarketingUse = Literal["yes", "no", "unknown"]


@dataclass(slots=True, kw_only=True)
class Company:
    """None means "not known", never "none".

    `provider_key` is `<provider>:<id>`; `domain` the registrable domain; `state` a two-letter code; `employees` a head
    count; `employee_min`/`employee_max` the range when only a range is known (`employee_max` None: open-ended);
    `naics_code` 2 to 6 digits of NAICS 2022; `marketing_use` says whether the source's licence allows outreach;
    `extras` keeps what the source sent and no field holds.
    """

    name: str | None = None
    legal_name: str | None = None
    uei: str | None = None
    cage: str | None = None
    ein: str | None = None
    provider_key: str | None = None
    domain: str | None = None
    website: str | None = None
    linkedin_url: str | None = None
    phone: str | None = field(default=None, repr=False)
    industry: str | None = None
    company_type: str | None = None
    naics_code: str | None = None
    employees: int | None = None
    employee_min: int | None = None
    employee_max: int | None = None
    founded_year: int | None = None
    annual_revenue: float | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    metro: str | None = None
    marketing_use: MarketingUse = "yes"
    decision_makers: int = 0
    extras: dict[str, Any] = field(default_factory=dict, repr=False)
    lineage: dict[str, Evidence] = field(default_factory=dict, repr=False)
    origin: Origin | None = None
    id: UUID | None = None
    known: bool = False
    scores: Scores | None = None
