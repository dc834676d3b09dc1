"""SAM.gov entities in pages of ten: good for a narrow question, since a query ends at 10,000 records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Reply
from leadspiders.apis.records import Broken, read_records
from leadspiders.apis.refusals import read_object
from leadspiders.apis.sam_gov.contract import API, check
from leadspiders.apis.sam_gov.entity import Entity, registration
from leadspiders.errors import ArgumentError, Unreadable
from leadspiders.items.company import Company

PATH = "/entity-information/v3/entities"
PAGE_SIZE = 10
ANY_TYPE = {"Accept": "*/*"}  # extracts: a forced application/json is answered 406
# Whether the very last page below 10,000 is still served is not documented; nothing beyond it is.
LAST_PAGE = 999
WINDOW = (LAST_PAGE + 1) * PAGE_SIZE
# Industries stand in `assertions` only, and are not sent unless they are asked for.
SECTIONS = "entityRegistration,coreData,assertions,pointsOfContact"
FORBIDDEN = frozenset("&|{}^\\")
FILTERS = frozenset(
    {"samRegistered", "ueiSAM", "entityEFTIndicator", "cageCode", "dodaac", "legalBusinessName", "dbaName",
     "registrationStatus", "purposeOfRegistrationCode", "registrationDate", "updateDate", "activationDate",
     "registrationExpirationDate", "ueiCreationDate", "physicalAddressCity", "physicalAddressCongressionalDistrict",
     "physicalAddressCountryCode", "physicalAddressProvinceOrStateCode", "physicalAddressZipPostalCode",
     "entityStructureCode", "organizationStructureCode", "businessTypeCode", "sbaBusinessTypeCode", "primaryNaics",
     "naicsCode", "naicsLimitedSB", "pscCode", "stateOfIncorporationCode", "countryOfIncorporationCode",
     "exclusionStatusFlag", "debtSubjectToOffset", "proceedingsData", "q"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """`total` entities match the query; `next` tells whether another page follows within the 10,000."""

    total: int
    companies: list[Company]
    next: bool
    broken: list[Broken] = field(default_factory=list)


def entities_call(page: int = 0, **filters: str | list[str]) -> Call:
    """The call for one page (from 0); a list is any of its values. Filters are named as SAM.gov names them.

    Raises `ArgumentError` for an unknown filter, a value SAM.gov does not allow and a page beyond the last.
    """
    if not 0 <= page <= LAST_PAGE:
        raise ArgumentError(f"page {page}: SAM.gov serves pages 0-{LAST_PAGE} of a query; use mode=extract for more")
    params = (*filter_params(filters), ("includeSections", SECTIONS), ("page", str(page)), ("size", str(PAGE_SIZE)))
    return Call(api=API.name, path=PATH, params=params, purpose="entities")


def filter_params(filters: Mapping[str, str | list[str]]) -> tuple[tuple[str, str], ...]:
    """Filters as query parameters, several values as `[A~B]`."""
    params = []
    for name, value in filters.items():
        if name not in FILTERS:
            raise ArgumentError(f"SAM.gov has no filter {name}: use one of {', '.join(sorted(FILTERS))}")
        values = [value] if isinstance(value, str) else value
        for one in values:
            if FORBIDDEN & set(one):
                raise ArgumentError(f"{name}={one}: SAM.gov allows none of & | {{ }} ^ \\ in a value")
        if values:
            params.append((name, values[0] if len(values) == 1 else f"[{'~'.join(values)}]"))
    return tuple(params)


def read_entities(reply: Reply, drift: Drift | None = None) -> EntityPage:
    """The companies of one page; raises what `check` raises, and `Unreadable` for another body."""
    check(reply)
    body = read_object(reply)
    companies, broken = companies_in(body.get("entityData"), drift)
    links = body.get("links")
    total = body.get("totalRecords")
    return EntityPage(
        total=total if isinstance(total, int) else len(companies),
        companies=companies,
        next=isinstance(links, dict) and bool(links.get("nextLink")),
        broken=broken,
    )


def companies_in(records: Any, drift: Drift | None = None) -> tuple[list[Company], list[Broken]]:
    """The companies of an `entityData` list, and what of it cannot be read."""
    if not isinstance(records, list):
        raise Unreadable("SAM.gov's answer has no list entityData")
    read, broken = read_records(records, Entity, "sam_gov.entities", drift)
    return [registration(entity).company() for entity, _ in read], broken
