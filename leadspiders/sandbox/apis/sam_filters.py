"""SAM.gov's search: which registrations fit the filters, with its `~`, `!` and date ranges."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from leadspiders.sandbox.apis.sam_access import refusal
from leadspiders.sandbox.world.registrations import Registration

_DATES: dict[str, Callable[[Registration], date]] = {
    "registrationDate": lambda entry: entry.registered_on,
    "updateDate": lambda entry: entry.updated_on,
    "activationDate": lambda entry: entry.activated_on,
    "registrationExpirationDate": lambda entry: entry.expires_on,
    "ueiCreationDate": lambda entry: entry.registered_on,
}
_VALUES: dict[str, Callable[[Registration], Iterable[str]]] = {
    "ueiSAM": lambda entry: (entry.uei,),
    "cageCode": lambda entry: (entry.cage,),
    "entityEFTIndicator": lambda entry: (entry.eft or "",),
    "registrationStatus": lambda entry: ("A" if entry.active else "E",),
    "purposeOfRegistrationCode": lambda _: ("Z2",),
    "physicalAddressCity": lambda entry: (entry.company.place.city,),
    "physicalAddressCountryCode": lambda _: ("USA",),
    "physicalAddressProvinceOrStateCode": lambda entry: (entry.company.place.state.code,),
    "physicalAddressZipPostalCode": lambda entry: (entry.company.postal_code,),
    "entityStructureCode": lambda entry: (entry.structure,),
    "organizationStructureCode": lambda entry: entry.business_types,
    "businessTypeCode": lambda entry: entry.business_types,
    "primaryNaics": lambda entry: entry.naics[:1],
    "naicsCode": lambda entry: entry.naics,
    "pscCode": lambda entry: entry.psc,
    "stateOfIncorporationCode": lambda entry: (entry.company.place.state.code,),
    "countryOfIncorporationCode": lambda _: ("USA",),
    "exclusionStatusFlag": lambda entry: ("D" if entry.excluded else "N", "Y" if entry.excluded else "N"),
    "debtSubjectToOffset": lambda _: ("N",),
    "samRegistered": lambda entry: ("Yes" if entry.registered else "No",),
}
_TEXTS: dict[str, Callable[[Registration], str]] = {
    "legalBusinessName": lambda entry: entry.legal_name,
    "dbaName": lambda entry: entry.dba or "",
    "q": lambda entry: f"{entry.legal_name} {entry.dba or ''} {entry.uei} {entry.cage} {entry.company.place.city}",
}
# Known to SAM.gov, and nobody in this world is any of it.
_EMPTY = {"dodaac", "physicalAddressCongressionalDistrict", "sbaBusinessTypeCode", "naicsLimitedSB", "proceedingsData"}
PAGING = {"api_key", "page", "size", "includeSections", "format", "emailId"}
KNOWN = {*_DATES, *_VALUES, *_TEXTS, *_EMPTY, *PAGING}
_FORBIDDEN = set("&|{}^\\")
_MANY_MAX = 100


def find(registrations: Iterable[Registration], asked: Mapping[str, str]) -> list[Registration]:
    """The registrations that fit; only registered ones unless `samRegistered` says otherwise. Raises `Refused`."""
    _check(asked)
    wanted = {"samRegistered": "Yes"} | {name: value for name, value in asked.items() if name not in PAGING and value}
    tests = [_test(name, value) for name, value in wanted.items()]
    return [entry for entry in registrations if all(test(entry) for test in tests)]


def _check(asked: Mapping[str, str]) -> None:
    for name, value in asked.items():
        if name not in KNOWN:
            text = f"The following search parameter is invalid: {name}"
            raise refusal(400, "The parameter is invalid", text, "INVALID_SEARCH_PARAMETER")
        if _FORBIDDEN & set(value):
            text = "The special characters & | { } ^ \\ are not allowed in the parameter value"
            raise refusal(400, text, f"{name}: {text}", "INVALID_CHARACTER")
        if name in ("ueiSAM", "cageCode") and value.count("~") >= _MANY_MAX:
            raise refusal(400, "Too many values", f"{name} takes up to {_MANY_MAX} values", "TOO_MANY_VALUES")
    if "entityEFTIndicator" in asked and "ueiSAM" not in asked:
        raise refusal(400, "ueiSAM is required", "entityEFTIndicator needs ueiSAM", "MISSING_PARAMETER")


def _test(name: str, value: str) -> Callable[[Registration], bool]:
    if name in _DATES:
        return _date_test(_DATES[name], value)
    if name in _TEXTS:
        text, needle = _TEXTS[name], value.lower().strip("[]")
        return lambda entry: needle in text(entry).lower()
    if name in _EMPTY:
        return lambda _: value.startswith("!")
    values = _VALUES[name]
    no = value.startswith("!")
    wanted = {each.strip().upper() for each in value.lstrip("!").strip("[]").split("~")}
    return lambda entry: no != bool(wanted & {each.upper() for each in values(entry)})


def _date_test(read: Callable[[Registration], date], value: str) -> Callable[[Registration], bool]:
    days = re.fullmatch(r"\[(.+),(.+)\]", value)
    first, last = (_day(days[1]), _day(days[2])) if days else (_day(value), _day(value))
    return lambda entry: first <= read(entry) <= last


def _day(text: str) -> date:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        message = "The date must be in the format MM/DD/YYYY"
        raise refusal(400, message, f"{text}: {message}", "INVALID_DATE_FORMAT") from error
