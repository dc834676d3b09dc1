"""What a lead still lacks of what its campaign wants filled, and whether its address is proven. Pure."""

from collections.abc import Collection, Iterable
from copy import copy

from leadspiders.campaigns.names import Fillable
from leadspiders.campaigns.target import Between
from leadspiders.items.contact import Contact
from leadspiders.rules.quality import email_state
from leadspiders.rules.sizes import in_range

OF_COMPANY: frozenset[Fillable] = frozenset(
    ("domain", "website", "industry", "naics_code", "employees", "founded_year", "annual_revenue", "company_phone")
)
FINAL = ("valid", "invalid")
"""Verdicts after which no other verifier is asked."""


def value_of(contact: Contact, field: str) -> object:
    """A field as campaign files name it: some are the person's, some the company's."""
    if field == "company_phone":
        return contact.company.phone
    return getattr(contact.company if field in OF_COMPANY else contact, field)


def is_person(contact: Contact) -> bool:
    """Whether there is anybody in it, or just a company that is a lead itself."""
    return any((contact.provider_key, contact.linkedin_url, contact.email, contact.full_name, contact.first_name))


def gaps(contact: Contact, fields: Iterable[Fillable], staff: Between | None) -> list[Fillable]:
    """Those of the fields that are missing, in their order; of a company without a person only the company's."""
    wanted = fields if is_person(contact) else [field for field in fields if field in OF_COMPANY]
    return [field for field in wanted if lacks(contact, field, staff)]


def lacks(contact: Contact, field: Fillable, staff: Between | None) -> bool:
    """An invalid address is as good as none; a range of staff will do if all of it is wanted, or none of it."""
    if field == "email":
        return email_state(contact) in {None, "invalid"}
    if field == "employees":
        return in_range(contact.company, staff.min if staff else None, staff.max if staff else None) is None
    return value_of(contact, field) is None


def unproven(contact: Contact, verifiers: Collection[str]) -> bool:
    """Whether there is an address about which none of these verifiers has said its last word."""
    if not contact.email or "email-invalid" in contact.flags:
        return False
    said = contact.lineage.get("email_status")
    return not (said and said.source in verifiers and contact.email_status in FINAL)


def without_dead_address(contact: Contact) -> Contact:
    """The contact as an offer should see it: an invalid address must not keep anybody from looking for another."""
    if not contact.email or email_state(contact) != "invalid":
        return contact
    seen = copy(contact)
    seen.email = seen.email_status = None
    return seen
