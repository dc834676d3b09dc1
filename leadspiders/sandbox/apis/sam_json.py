"""A registration as SAM.gov's JSON shows it, section by section, oddities included.

Empty lists are one object of nulls, descriptions end in a blank, and there is no staff count, e-mail or telephone.
"""

from collections.abc import Callable, Sequence
from typing import Any

from leadspiders.sandbox.world.industries import TRADES_BY_CODE
from leadspiders.sandbox.world.registrations import Registration

Json = dict[str, Any]
DEFAULT_SECTIONS = ("entityRegistration", "coreData")
SECTIONS = (*DEFAULT_SECTIONS, "assertions", "repsAndCerts", "pointsOfContact", "integrityInformation")
_TYPES = {
    "2X": "For Profit Organization",
    "A8": "Non-Profit Organization",
    "LJ": "Limited Liability Company",
    "MF": "Manufacturer of Goods",
    "A2": "Woman-Owned Business",
    "23": "Minority-Owned Business",
    "A5": "Veteran-Owned Business",
    "27": "Self Certified Small Disadvantaged Business",
}
_STRUCTURES = {"2L": "Corporate Entity (Not Tax Exempt)", "8H": "Corporate Entity (Tax Exempt)"}
_AREA = (
    "StateCode",
    "StateName",
    "CountyCode",
    "CountyName",
    "metropolitanStatisticalAreaCode",
    "metropolitanStatisticalAreaName",
)


def entity(entry: Registration, sections: Sequence[str]) -> Json:
    """One element of `entityData` with the sections asked for."""
    if not entry.registered:
        return {"entityRegistration": _unregistered(entry)} if "entityRegistration" in sections else {}
    makers: dict[str, Callable[[Registration], Json]] = {
        "entityRegistration": _registration,
        "coreData": _core,
        "assertions": _assertions,
        "repsAndCerts": _certificates,
        "pointsOfContact": _contacts,
        "integrityInformation": _integrity,
    }
    return {section: makers[section](entry) for section in SECTIONS if section in sections}


def _registration(entry: Registration) -> Json:
    return {
        "samRegistered": "Yes",
        "ueiSAM": entry.uei,
        "entityEFTIndicator": entry.eft,
        "cageCode": entry.cage,
        "dodaac": None,
        "legalBusinessName": entry.legal_name,
        "dbaName": entry.dba,
        "purposeOfRegistrationCode": "Z2",
        "purposeOfRegistrationDesc": "All Awards",
        "registrationStatus": "Active" if entry.active else "Expired",
        "evsSource": entry.evs_shown,
        "registrationDate": entry.registered_on.isoformat(),
        "lastUpdateDate": entry.updated_on.isoformat(),
        "registrationExpirationDate": entry.expires_on.isoformat(),
        "activationDate": entry.activated_on.isoformat(),
        "ueiStatus": "Active",
        "ueiExpirationDate": None,
        "ueiCreationDate": "2021-07-01",
        "publicDisplayFlag": "Y",
        "exclusionStatusFlag": "Y" if entry.excluded else "N",
        "exclusionURL": None,
        "dnbOpenData": None,
    }


def _unregistered(entry: Registration) -> Json:
    return {
        "samRegistered": "No",
        "ueiSAM": entry.uei,
        "cageCode": "null",  # the word, as in the documentation's sample
        "legalBusinessName": entry.legal_name,
        "registrationStatus": "Active",
        "evsSource": None,
        "ueiStatus": "Active",
        "ueiExpirationDate": None,
        "ueiCreationDate": "2021-07-20",
        "publicDisplayFlag": "Y",
        "dnbOpenData": "Y",
    }


def _address(entry: Registration, *, upper: bool) -> Json:
    place, street = entry.company.place, entry.company.street
    return {
        "addressLine1": street.upper() if upper else street,
        "addressLine2": None,
        "city": place.city.upper() if upper else place.city,
        "stateOrProvinceCode": place.state.code,
        "zipCode": entry.company.postal_code,
        "zipCodePlus4": f"{entry.company.employees % 9000 + 1000}" if upper else None,
        "countryCode": "USA",
    }


def _core(entry: Registration) -> Json:
    state = entry.company.place.state
    profit = "A8" if entry.structure == "8H" else "2X"
    organization = next((code for code in ("LJ", "MF") if code in entry.business_types), None)
    types = [{"businessTypeCode": code, "businessTypeDesc": _TYPES[code]} for code in entry.business_types]
    return {
        "entityInformation": {
            "entityURL": entry.url,
            "entityDivisionName": None,
            "entityDivisionNumber": None,
            "entityStartDate": f"{entry.company.founded}-05-01",
            "fiscalYearEndCloseDate": "12/31",
            "submissionDate": entry.updated_on.isoformat(),
        },
        "physicalAddress": _address(entry, upper=True),
        "mailingAddress": _address(entry, upper=False),
        "congressionalDistrict": "10",
        "generalInformation": {
            "entityStructureCode": entry.structure,
            "entityStructureDesc": _STRUCTURES[entry.structure],
            "entityTypeCode": "F",
            "entityTypeDesc": "Business or Organization",
            "profitStructureCode": profit,
            "profitStructureDesc": _TYPES[profit],
            "organizationStructureCode": organization,
            "organizationStructureDesc": _TYPES.get(organization or ""),
            "stateOfIncorporationCode": state.code,
            "stateOfIncorporationDesc": state.name.upper(),
            "countryOfIncorporationCode": "USA",
            "countryOfIncorporationDesc": "UNITED STATES",
        },
        "businessTypes": {
            "businessTypeList": types,
            "sbaBusinessTypeList": _nulls(
                "sbaBusinessTypeCode", "sbaBusinessTypeDesc", "certificationEntryDate", "certificationExitDate"
            ),
        },
        "financialInformation": {"creditCardUsage": "Y", "debtSubjectToOffset": "N"},
    }


def _assertions(entry: Registration) -> Json:
    naics = [
        {
            "naicsCode": code,
            "naicsDescription": TRADES_BY_CODE[code].title + " ",
            "sbaSmallBusiness": "Y" if entry.company.employees < 500 else "N",
            "naicsException": None,
        }
        for code in entry.naics
    ]
    psc = [{"pscCode": code, "pscDescription": "Support Services "} for code in entry.psc]
    area = _nulls(*(f"geographicalAreaServed{part}" for part in _AREA))
    return {
        "goodsAndServices": {
            "primaryNaics": entry.naics[0],
            "naicsList": naics,
            "pscList": psc or _nulls("pscCode", "pscDescription"),
        },
        "disasterReliefData": {"disasterRegistryFlag": "NO", "bondingFlag": "NO", "geographicalAreaServed": area},
        "ediInformation": {"ediInformationFlag": "N"},
    }


def _contacts(entry: Registration) -> Json:
    person = {
        "firstName": entry.contact.first,
        "middleInitial": None,
        "lastName": entry.contact.last,
        "title": entry.contact_title,
    } | _address(entry, upper=False)
    nobody = dict.fromkeys(person)
    return {
        "governmentBusinessPOC": person,
        "electronicBusinessPOC": person,
        "governmentBusinessAlternatePOC": nobody,
        "electronicBusinessAlternatePOC": nobody,
        "pastPerformancePOC": nobody,
        "pastPerformanceAlternatePOC": nobody,
    }


def _certificates(_: Registration) -> Json:
    return {"certifications": {"fARResponses": [], "dFARResponses": []}, "qualifications": {}}


def _integrity(_: Registration) -> Json:
    return {"entitySummary": None, "proceedingsData": None}


def _nulls(*names: str) -> list[Json]:
    """What an empty list looks like: one object of nulls."""
    return [dict.fromkeys(names)]
