"""What makes two companies, or two people, one: the keys of each kind, and how one record fills another."""

from functools import partial

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.identity import merge_company, merge_contact
from leadspiders.stores.postgres.book import Kind
from leadspiders.stores.postgres.rows import (
    COMPANY_FIELDS,
    CONTACT_FIELDS,
    KeyedHash,
    company_row,
    contact_row,
    read_company,
    read_contact,
)


def company_kind(keyed_hash: KeyedHash) -> Kind[Company]:
    """UEI, then domain, then provider id. Name and place are shared by two firms now and then."""
    return Kind(
        keys={"uei": ("uei",), "domain_key": ("domain", "website"), "provider_key": ("provider_key",)},
        weak="name_place_key",
        columns=(*COMPANY_FIELDS, "provider_id", "extras"),
        to_row=partial(company_row, keyed_hash=keyed_hash),
        to_item=read_company,
        merge=merge_company,
    )


def contact_kind(keyed_hash: KeyedHash) -> Kind[Contact]:
    """LinkedIn URL, then e-mail, then provider id."""
    return Kind(
        keys={
            "linkedin_key": ("linkedin_url",),
            "email_key": ("email", "email_status"),
            "provider_key": ("provider_key",),
        },
        weak=None,
        columns=(*CONTACT_FIELDS, "provider_id", "extras", "flags"),
        to_row=partial(contact_row, keyed_hash=keyed_hash),
        to_item=read_contact,
        merge=merge_contact,
    )
