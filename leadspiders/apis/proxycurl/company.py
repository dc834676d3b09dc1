"""An employer's page, by its LinkedIn URL."""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call
from leadspiders.apis.proxycurl.contract import look_up_call
from leadspiders.apis.records import other_fields, read_records
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company

PATH = "/proxycurl/api/linkedin/company"


class Seat(msgspec.Struct):
    """`hq`."""

    city: str | None = None
    state: str | None = None
    country: str | None = None
    postal_code: str | None = None
    line_1: str | None = None

    dropped: ClassVar = frozenset({"is_hq"})


class Page(msgspec.Struct):
    """A company's page; `company_size` is least and most, `company_size_on_linkedin` the members who say so."""

    name: str | None = None
    website: str | None = None
    industry: str | None = None
    company_size: list[int | None] | None = None
    hq: Seat | None = None
    founded_year: int | None = None
    linkedin_internal_id: str | None = None

    kept: ClassVar = frozenset({"company_size_on_linkedin", "description", "specialities", "company_type", "tagline"})
    dropped: ClassVar = frozenset(
        {"universal_name_id", "profile_pic_url", "background_cover_image_url", "search_id", "similar_companies",
         "affiliated_companies", "updates", "follower_count", "locations"}
    )  # fmt: skip


def company_call(url: str) -> Call:
    """The call for one employer by the URL of its page."""
    return look_up_call(PATH, (("url", url), ("use_cache", "if-present")), "read company")


def read_company(raw: bytes, drift: Drift | None = None) -> Company:
    """The employer of a page; raises `Unreadable` for another body."""
    try:
        read, broken = read_records([msgspec.json.decode(raw)], Page, "proxycurl.companies", drift)
    except msgspec.DecodeError as error:
        raise Unreadable("Proxycurl's company is no JSON") from error
    if not read:
        raise Unreadable(f"Proxycurl's company cannot be read: {broken[0].reason if broken else 'it is empty'}")
    return _company(*read[0])


def _company(page: Page, record: dict[str, Any]) -> Company:
    seat = page.hq or Seat()
    least, most = (*(page.company_size or []), None, None)[:2]
    exact = least is not None and least == most
    return Company(
        name=page.name,
        website=page.website,
        industry=page.industry,
        provider_key=f"proxycurl:{page.linkedin_internal_id}" if page.linkedin_internal_id else None,
        employees=least if exact else None,
        employee_min=None if exact else least,
        employee_max=None if exact else most,
        founded_year=page.founded_year,
        street=seat.line_1,
        city=seat.city,
        state=seat.state,
        postal_code=seat.postal_code,
        country=seat.country,
        extras=other_fields(record, Page),
    )
