"""What makes two companies, or two people, one: the keys of each kind, and how one record fills another."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.identity import employer_name
from leadspiders.rules.likeness import Verdict, same_company, same_person
from leadspiders.rules.merging import merge_company, merge_person
from leadspiders.stores.postgres.kind import Kind
from leadspiders.stores.postgres.rows import (
    COMPANY_FIELDS,
    CONTACT_FIELDS,
    KeyedHash,
    company_keys_row,
    company_row,
    contact_keys_row,
    contact_row,
    read_company,
    read_contact,
)

_ELSEWHERE = (("name", "city"), ("name", "street"))


def company_kind(keyed_hash: KeyedHash) -> Kind[Company]:
    """UEI, CAGE, then domain, then provider id. An EIN, and name and place, are shared by two firms now and then."""
    return Kind(
        keys={
            "uei": ("uei",),
            "cage": ("cage",),
            "domain_key": ("domain", "website"),
            "provider_key": ("provider_key",),
        },
        weak=("ein", "name_place_key"),
        apart=("uei", "cage", "ein"),
        shared=frozenset({"domain_key"}),
        loose={"domain_key": _ELSEWHERE, "ein": _ELSEWHERE, "name_place_key": (("street",),)},
        columns=(*COMPANY_FIELDS, "provider_id", "extras"),
        to_keys=partial(company_keys_row, keyed_hash=keyed_hash),
        to_row=partial(company_row, keyed_hash=keyed_hash),
        to_item=read_company,
        merge=merge_company,
        judge=same_company,
        name=employer_name,
    )


def contact_kind(keyed_hash: KeyedHash, employers: Mapping[UUID, Company] | None = None) -> Kind[Contact]:
    """LinkedIn URL, then e-mail, then provider id. Rows are read with those of the `employers` that are theirs."""
    known: Mapping[UUID, Company] = {} if employers is None else employers
    return Kind(
        keys={
            "linkedin_key": ("linkedin_url",),
            "email_key": ("email", "email_status"),
            "provider_key": ("provider_key",),
        },
        weak=(),
        apart=("linkedin_key",),
        shared=frozenset(),
        loose={},
        columns=(*CONTACT_FIELDS, "provider_id", "extras", "flags", "company_id"),
        to_keys=partial(contact_keys_row, keyed_hash=keyed_hash),
        to_row=partial(contact_row, keyed_hash=keyed_hash),
        to_item=lambda row: read_contact(row, known.get(row.get("company_id"))),  # type: ignore[arg-type]
        merge=merge_person,
        judge=_colleagues,
        name=lambda contact: contact.full_name,
    )


def _colleagues(one: Contact, other: Contact) -> Verdict:
    """Two people of one block have one name at one employer, which the row of a person does not hold."""
    return same_person(one, replace(other, company=one.company))
