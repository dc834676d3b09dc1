"""In which order providers are asked: the campaign names them per field, and each is asked once for all its fields."""

from collections.abc import Mapping, Sequence

from leadspiders.campaigns.names import Fillable
from leadspiders.items.contact import Contact

OF_COMPANY = ("domain", "website", "industry", "naics_code", "employees", "founded_year", "annual_revenue")


def value_of(contact: Contact, field: str) -> object:
    """A field as campaign files name it: some are the person's, some the company's."""
    if field == "company_phone":
        return contact.company.phone
    return getattr(contact.company if field in OF_COMPANY else contact, field)


def who_fills(contact: Contact, order: Mapping[Fillable, Sequence[str]]) -> list[str]:
    """Names of the providers to ask for what the contact lacks, each once, first asked first."""
    names: dict[str, None] = {}
    for field, providers in order.items():
        if value_of(contact, field) is None:
            names |= dict.fromkeys(providers)
    return list(names)
