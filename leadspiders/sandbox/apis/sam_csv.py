"""SAM.gov's CSV export: 345 flattened columns, lists joined by `~`, nulls as the word `null`."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from leadspiders.sandbox.apis import sam_json
from leadspiders.sandbox.world.registrations import Registration

HIDDEN = "Currently Not Available"
_REGISTRATION = (
    "samRegistered ueiSAM entityEFTIndicator cageCode dodaac legalBusinessName dbaName purposeOfRegistrationCode "
    "purposeOfRegistrationDesc registrationStatus evsSource registrationDate lastUpdateDate registrationExpirationDate "
    "activationDate ueiStatus ueiExpirationDate ueiCreationDate publicDisplayFlag exclusionStatusFlag exclusionURL "
    "dnbOpenData"
)
_PARENTS = ("immediateParentEntity", "domesticParent", "hqParent", "ultimateParentEntity")
_PARENT = (
    "ueiSAM legalBusinessName evsSource addressLine1 addressLine2 city stateOrProvinceCode countryCode zipCode "
    "zipCodePlus4 phoneNumber"
)
_MONITORING = (
    "legalBusinessName dbaName outOfBusinessFlag monitoringStatus lastUpdated addressLine1 addressLine2 city "
    "postalCode stateOrProvinceCode countryCode"
)
_ADDRESS = "addressLine1 addressLine2 city stateOrProvinceCode zipCode zipCodePlus4 countryCode"
_AGENCY = (
    "source hierarchyDepartmentCode hierarchyDepartmentName hierarchyAgencyCode hierarchyAgencyName hierarchyOfficeCode"
)
_INFORMATION = "entityURL entityDivisionName entityDivisionNumber entityStartDate fiscalYearEndCloseDate submissionDate"
_GENERAL = (
    "congressionalDistrict agencyBusinessPurposeCode agencyBusinessPurposeDesc entityStructureCode entityStructureDesc "
    "entityTypeCode entityTypeDesc profitStructureCode profitStructureDesc organizationStructureCode "
    "organizationStructureDesc stateOfIncorporationCode stateOfIncorporationDesc countryOfIncorporationCode "
    "countryOfIncorporationDesc companySecurityLevelCode companySecurityLevelDesc highestEmployeeSecurityLevelCode "
    "highestEmployeeSecurityLevelDesc businessTypeCode businessTypeDesc sbaBusinessTypeCode sbaBusinessTypeDesc "
    "certificationEntryDate certificationExitDate creditCardUsage debtSubjectToOffset"
)
_ASSERTIONS = "primaryNaics naicsCode sbaSmallBusiness naicsException pscCode"
_DISASTER = (
    "disasterRegistryFlag bondingFlag bondingLevels.type bondingLevels.value geographicalAreaServedStateCode "
    "geographicalAreaServedStateName geographicalAreaServedCountyCode geographicalAreaServedCountyName "
    "geographicalAreaServedmetropolitanStatisticalAreaCode geographicalAreaServedmetropolitanStatisticalAreaName "
    "averageAnnualRevenue averageNumberOfEmployees employeesLocation receiptsLocation barrelsCapacity totalAssets "
    "megawattHours ediInformationFlag vanProvider isaQualifier isaIdentifier functionalGroupIdentifier requestFlag820s"
)
_PERSON = "firstName middleInitial lastName title usPhone usPhoneExtension nonUSPhone fax email"
_HIDDEN = {"usPhone", "usPhoneExtension", "nonUSPhone", "fax", "email"}
# Contacts with and without an address, in the order of the export.
_CONTACTS = {
    "governmentBusinessPOC": True,
    "electronicBusinessPOC": True,
    "governmentBusinessAlternatePOC": True,
    "electronicBusinessAlternatePOC": True,
    "pastPerformancePOC": True,
    "pastPerformanceAlternatePOC": True,
    "partyPerformingCertificationPOC": True,
    "soleProprietorshipPOC": False,
    "accountsReceivablePOC": False,
    "accountsPayablePOC": True,
    "ediPOC": False,
    "eliminationsPOC": True,
    "salesPOC": True,
}


def _columns() -> Iterator[str]:
    yield from _REGISTRATION.split()
    for parent in _PARENTS:
        yield from (f"{parent}.{name}" for name in _PARENT.split())
    yield from (f"evsMonitoring.{name}" for name in _MONITORING.split())
    yield from (*_AGENCY.split(), *_INFORMATION.split())
    for address in ("physicalAddress", "mailingAddress"):
        yield from (f"{address}.{name}" for name in _ADDRESS.split())
    yield from (*_GENERAL.split(), *(f"assertions.{name}" for name in _ASSERTIONS.split()), *_DISASTER.split())
    for contact, has_address in _CONTACTS.items():
        yield from (f"{contact}.{name}" for name in (*_PERSON.split(), *(_ADDRESS.split() if has_address else ())))


COLUMNS = tuple(_columns())


def table(entries: Iterable[Registration]) -> str:
    """The export of some registrations."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for entry in entries:
        values = _flat(sam_json.entity(entry, sam_json.SECTIONS))
        writer.writerow([_written(column, values.get(column)) for column in COLUMNS])
    return text.getvalue()


def _flat(entity: dict[str, Any]) -> dict[str, Any]:
    core, assertions = entity.get("coreData", {}), entity.get("assertions", {})
    goods = assertions.get("goodsAndServices", {})
    found = {**entity["entityRegistration"], **core.get("entityInformation", {}), **core.get("generalInformation", {})}
    found |= core.get("financialInformation", {}) | {"congressionalDistrict": core.get("congressionalDistrict")}
    for address in ("physicalAddress", "mailingAddress"):
        found |= {f"{address}.{name}": value for name, value in core.get(address, {}).items()}
    types = core.get("businessTypes", {}).get("businessTypeList", [])
    found |= {name: _joined(types, name) for name in ("businessTypeCode", "businessTypeDesc")}
    found["assertions.primaryNaics"] = goods.get("primaryNaics")
    for name in ("naicsCode", "sbaSmallBusiness", "naicsException"):
        found[f"assertions.{name}"] = _joined(goods.get("naicsList", []), name)
    found["assertions.pscCode"] = _joined(goods.get("pscList", []), "pscCode")
    for contact, person in entity.get("pointsOfContact", {}).items():
        found |= {f"{contact}.{name}": value for name, value in person.items()}
    return found


def _joined(rows: list[dict[str, Any]], name: str) -> str | None:
    values = [row[name] for row in rows if row[name] is not None]
    return "~".join(values) if values else None


def _written(column: str, value: Any) -> str:
    if value is not None:
        return str(value)
    return HIDDEN if column.rpartition(".")[2] in _HIDDEN else "null"
