"""The names a campaign file may use for things that exist elsewhere: an unknown one is refused with the nearest."""

import re
from typing import Annotated, Literal

import us
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from leadspiders.rules.places import country

Provider = Literal["apollo", "hunter", "dropcontact", "neverbounce", "clearbit", "proxycurl", "http"]
Apart = Literal["hunter/domain"]
"""Offers that a provider sells only to campaigns that name them, not to those that name the provider."""
Seller = Literal[Provider, Apart]
"""Who may be asked for a field."""
Destination = Literal["pipedrive", "hubspot", "salesforce", "kixie", "webhook", "rabbitmq", "file"]
Seniority = Literal[
    "owner", "founder", "c_suite", "partner", "vp", "head", "director", "manager", "senior", "entry", "intern"
]
"""Apollo's levels, highest first (`person_seniorities[]`)."""
Metro = Literal[
    "New York", "San Francisco", "Los Angeles", "Chicago", "Boston", "Seattle", "Austin", "Denver", "Atlanta"
]
Fillable = Literal[
    "full_name", "email", "phone", "linkedin_url", "title", "seniority", "profile_picture_url",
    "city", "state", "country",
    "domain", "website", "industry", "naics_code", "employees", "founded_year", "annual_revenue", "company_phone",
]  # fmt: skip
"""Fields of a lead that a provider can fill; `company_phone` is the switchboard, `phone` the person."""
LeadMoment = Literal["stored", "enriched", "ready", "qualified"]

STATES: tuple[str, ...] = tuple(sorted({state.abbr for state in [*us.states.STATES_AND_TERRITORIES, us.states.DC]}))


def _known_state(code: str) -> str:
    if code not in STATES:
        full = us.states.lookup(code)
        known = f"'{full.abbr}'" if full else ", ".join(f"'{state}'" for state in STATES)
        raise PydanticCustomError("unknown_name", "no state of the United States", {"expected": known})
    return code


def _spelled_out(name: str) -> str:
    usual = country(name)
    if usual is None:
        raise PydanticCustomError("country", "no country: write its usual English name")
    if usual != name:
        raise PydanticCustomError("unknown_name", "written differently here", {"expected": f"'{usual}'"})
    return name


def _naics_prefix(code: str) -> str:
    if not re.fullmatch(r"[1-9]\d{1,5}|31-33|44-45|48-49", code):
        raise PydanticCustomError("naics", "no NAICS prefix: write 2 to 6 digits, or 31-33, 44-45, 48-49")
    return code


State = Annotated[str, AfterValidator(_known_state)]
Country = Annotated[str, AfterValidator(_spelled_out)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Naics = Annotated[str, AfterValidator(_naics_prefix)]
"""The first 2 to 6 digits of a NAICS 2022 code, or one of the three joined sectors."""
