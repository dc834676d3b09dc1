"""Reads the CSV form of the entity extract: 345 flat columns, lists joined by `~`, nothing written as `null`."""

from collections.abc import Iterable, Iterator

from leadspiders.apis.drift import Drift
from leadspiders.apis.records import Broken, Refuse, put_aside, table_rows
from leadspiders.apis.sam_gov.company import ROLES, Registration, clean, person
from leadspiders.apis.sam_gov.sieve import Bundle, Sieve
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.left_out import LeftOut

NEEDED = ("ueiSAM", "legalBusinessName", "physicalAddress.city", "physicalAddress.stateOrProvinceCode")
WANTED = ("cageCode", "registrationStatus", "evsSource", "entityURL", "assertions.primaryNaics", "publicDisplayFlag")
CONTACTS = dict(
    zip(
        ROLES,
        (
            "governmentBusinessPOC", "governmentBusinessAlternatePOC", "pastPerformancePOC",
            "pastPerformanceAlternatePOC", "electronicBusinessPOC", "electronicBusinessAlternatePOC",
        ),
        strict=True,
    )
)  # fmt: skip


def read_table(
    lines: Iterable[str], *, sieve: Sieve | None = None, drift: Drift | None = None, refuse: Refuse | None = None
) -> Iterator[Company | LeftOut]:
    """The companies of a CSV extract, as its lines come in; columns are found by name.

    What `sieve` leaves out is counted, in bundles between the companies.

    Raises `Unreadable` that names a needed column when it is missing. A row of another length goes to
    `refuse`, or raises `Unreadable` where there is none to take it.
    """
    rows = table_rows(lines)
    header = [name.removeprefix("\ufeff") for name in next(rows, [])]
    for name in NEEDED:
        if name not in header:
            raise Unreadable(f"the file has no column {name}: it is no CSV extract of SAM.gov's entities")
    _compare(header, drift or Drift())
    left = Bundle()
    for index, row in enumerate(rows):
        if len(row) == len(header):
            found = _registration(dict(zip(header, row, strict=True)))
            if sieve is None or not (out := sieve.judge(found)):
                yield found.company()
            elif bundle := left.add(out):
                yield bundle
        elif row:
            reason = f"row {index + 1}: {len(row)} columns where the header has {len(header)}"
            put_aside(Broken(index=index, reason=reason, raw=",".join(row)), refuse)
    if bundle := left.taken():
        yield bundle


def _compare(header: list[str], drift: Drift) -> None:
    missing = [name for name in WANTED if name not in header]
    for name in missing:
        drift.note("sam_gov.table", name, "missing")
    drift.looked_at("sam_gov.table", differs=bool(missing))


def _registration(row: dict[str, str]) -> Registration:
    def get(name: str) -> str | None:
        return clean(row.get(name))

    def listed(name: str) -> list[str] | None:
        text = get(name)
        return [part for part in map(clean, text.split("~")) if part] if text else None

    contacts = [
        person(role, get(f"{block}.firstName"), get(f"{block}.lastName"), get(f"{block}.title"))
        for role, block in CONTACTS.items()
    ]
    return Registration(
        uei=get("ueiSAM"),
        name=get("legalBusinessName"),
        cage=get("cageCode"),
        url=get("entityURL"),
        naics=get("assertions.primaryNaics"),
        street=get("physicalAddress.addressLine1"),
        street_2=get("physicalAddress.addressLine2"),
        city=get("physicalAddress.city"),
        state=get("physicalAddress.stateOrProvinceCode"),
        postal_code=get("physicalAddress.zipCode"),
        country=get("physicalAddress.countryCode"),
        start=get("entityStartDate"),
        evs_source=get("evsSource"),
        status=get("registrationStatus"),
        hidden=get("publicDisplayFlag") == "N",
        extras={
            "dba_name": get("dbaName"),
            "division": get("entityDivisionName"),
            "purpose": get("purposeOfRegistrationCode"),
            "registered": get("registrationDate"),
            "expires": get("registrationExpirationDate"),
            "updated": get("lastUpdateDate"),
            "structure": get("entityStructureCode"),
            "state_of_incorporation": get("stateOfIncorporationCode"),
            "business_types": listed("businessTypeCode"),
            "naics_list": listed("assertions.naicsCode"),
            "dnb_open_data": get("dnbOpenData") == "Y",
            "excluded": get("exclusionStatusFlag") == "Y",
            "sba_types": listed("sbaBusinessTypeCode"),
            "contacts": [contact for contact in contacts if contact],
        },
    )
