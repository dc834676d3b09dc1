"""One entity of the JSON answers, as far as it is read.

Sections that were not asked for are missing, and an empty list arrives as one object of nulls.
"""

from typing import Any, ClassVar

import msgspec

from leadspiders.apis.sam_gov.company import Registration, clean, person

POC_ROLES = {
    "governmentBusinessPOC": "government",
    "governmentBusinessAlternatePOC": "government_alternate",
    "pastPerformancePOC": "past_performance",
    "pastPerformanceAlternatePOC": "past_performance_alternate",
    "electronicBusinessPOC": "electronic",
    "electronicBusinessAlternatePOC": "electronic_alternate",
}


class Registered(msgspec.Struct, rename="camel"):
    """`entityRegistration`: an unregistered entity has only a few of these."""

    uei_sam: str = msgspec.field(name="ueiSAM")
    legal_business_name: str | None = None
    sam_registered: str | None = None
    cage_code: str | None = None
    dba_name: str | None = None
    purpose_of_registration_code: str | None = None
    registration_status: str | None = None
    evs_source: str | None = None
    registration_date: str | None = None
    last_update_date: str | None = None
    registration_expiration_date: str | None = None
    public_display_flag: str | None = None
    exclusion_status_flag: str | None = None
    dnb_open_data: str | None = None

    always: ClassVar = frozenset({"legalBusinessName", "registrationStatus", "evsSource"})
    dropped: ClassVar = frozenset(
        {"entityEFTIndicator", "dodaac", "purposeOfRegistrationDesc", "activationDate", "ueiStatus",
         "ueiExpirationDate", "ueiCreationDate", "exclusionURL"}
    )  # fmt: skip


class Information(msgspec.Struct, rename="camel"):
    """`entityInformation`."""

    entity_url: str | None = msgspec.field(name="entityURL", default=None)
    entity_division_name: str | None = None
    entity_start_date: str | None = None

    always: ClassVar = frozenset({"entityURL", "entityStartDate"})
    dropped: ClassVar = frozenset({"entityDivisionNumber", "fiscalYearEndCloseDate", "submissionDate"})


class Address(msgspec.Struct, rename="camel"):
    """`physicalAddress`."""

    address_line1: str | None = msgspec.field(name="addressLine1", default=None)
    address_line2: str | None = msgspec.field(name="addressLine2", default=None)
    city: str | None = None
    state_or_province_code: str | None = None
    zip_code: str | None = None
    country_code: str | None = None

    always: ClassVar = frozenset({"city", "stateOrProvinceCode", "zipCode", "countryCode"})
    dropped: ClassVar = frozenset({"zipCodePlus4"})


class General(msgspec.Struct, rename="camel"):
    """`generalInformation`: the legal form."""

    entity_structure_code: str | None = None
    state_of_incorporation_code: str | None = None

    dropped: ClassVar = frozenset(
        {"entityStructureDesc", "entityTypeCode", "entityTypeDesc", "profitStructureCode", "profitStructureDesc",
         "organizationStructureCode", "organizationStructureDesc", "stateOfIncorporationDesc",
         "countryOfIncorporationCode", "countryOfIncorporationDesc", "agencyBusinessPurposeCode",
         "agencyBusinessPurposeDesc"}
    )  # fmt: skip


class BusinessTypes(msgspec.Struct, rename="camel"):
    """`businessTypes`."""

    business_type_list: list[dict[str, Any]] | None = None
    sba_business_type_list: list[dict[str, Any]] | None = None


class Core(msgspec.Struct, rename="camel"):
    """`coreData`."""

    entity_information: Information | None = None
    physical_address: Address | None = None
    general_information: General | None = None
    business_types: BusinessTypes | None = None

    dropped: ClassVar = frozenset(
        {"mailingAddress", "congressionalDistrict", "financialInformation", "entityHierarchyInformation",
         "federalHierarchy", "companySecurityLevel", "highestEmployeeSecurityLevel"}
    )  # fmt: skip


class Goods(msgspec.Struct, rename="camel"):
    """`goodsAndServices`."""

    primary_naics: str | None = None
    naics_list: list[dict[str, Any]] | None = None

    always: ClassVar = frozenset({"primaryNaics"})
    dropped: ClassVar = frozenset({"pscList"})


class Assertions(msgspec.Struct, rename="camel"):
    """`assertions`: the only section with industries."""

    goods_and_services: Goods | None = None

    dropped: ClassVar = frozenset({"disasterReliefData", "ediInformation", "sizeMetrics"})


class Entity(msgspec.Struct, rename="camel"):
    """One element of `entityData`."""

    entity_registration: Registered
    core_data: Core | None = None
    assertions: Assertions | None = None
    points_of_contact: dict[str, Any] | None = None

    dropped: ClassVar = frozenset({"repsAndCerts", "integrityInformation"})


def registration(entity: Entity) -> Registration:
    """The fields of one entity."""
    said, core = entity.entity_registration, entity.core_data or Core()
    about, address = core.entity_information or Information(), core.physical_address or Address()
    general, kinds = core.general_information or General(), core.business_types or BusinessTypes()
    goods = (entity.assertions or Assertions()).goods_and_services or Goods()
    return Registration(
        uei=clean(said.uei_sam),
        name=clean(said.legal_business_name),
        cage=clean(said.cage_code),
        url=clean(about.entity_url),
        naics=clean(goods.primary_naics),
        street=clean(address.address_line1),
        street_2=clean(address.address_line2),
        city=clean(address.city),
        state=clean(address.state_or_province_code),
        postal_code=clean(address.zip_code),
        country=clean(address.country_code),
        start=clean(about.entity_start_date),
        evs_source=clean(said.evs_source),
        status=clean(said.registration_status),
        hidden=said.public_display_flag == "N",
        extras={
            "dba_name": clean(said.dba_name),
            "division": clean(about.entity_division_name),
            "purpose": clean(said.purpose_of_registration_code),
            "registered": clean(said.registration_date),
            "expires": clean(said.registration_expiration_date),
            "updated": clean(said.last_update_date),
            "structure": clean(general.entity_structure_code),
            "state_of_incorporation": clean(general.state_of_incorporation_code),
            "business_types": codes(kinds.business_type_list, "businessTypeCode"),
            "naics_list": codes(goods.naics_list, "naicsCode"),
            "excluded": said.exclusion_status_flag == "Y",
            "sba_types": codes(kinds.sba_business_type_list, "sbaBusinessTypeCode"),
            "dnb_open_data": said.dnb_open_data == "Y",
            "unregistered": said.sam_registered == "No",
            "contacts": contacts(entity.points_of_contact or {}),
        },
    )


def codes(listed: list[dict[str, Any]] | None, name: str) -> list[str]:
    """The codes of a list; one object of nulls is an empty list."""
    return [code for code in (clean(entry.get(name)) for entry in listed or []) if code]


def contacts(blocks: dict[str, Any]) -> list[dict[str, str]]:
    """The named points of contact with their titles."""
    found = []
    for name, role in POC_ROLES.items():
        block = blocks.get(name)
        if isinstance(block, dict):
            first, last = clean(block.get("firstName")), clean(block.get("lastName"))
            found.append(person(role, first, last, clean(block.get("title"))))
    return [contact for contact in found if contact]
