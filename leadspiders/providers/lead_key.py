"""Whose purchase it is: what is bought for one lead counts together, for the cap of a lead."""

from leadspiders.items.contact import Contact
from leadspiders.rules.extras import BOUGHT_AS
from leadspiders.rules.waterfall import is_person


def lead_key(contact: Contact) -> str | None:
    """What the lead was known by when it was first bought for, else is known by now; None when there is nothing.

    Keys that a purchase may bring come last: another run may find the lead before it has stored the first purchase.
    """
    company = contact.company
    if noted := (contact if is_person(contact) else company).extras.get(BOUGHT_AS):
        return str(noted[0] if isinstance(noted, list) else noted)
    employer = company.domain or company.name
    named = f"{contact.full_name}|{employer}".lower() if contact.full_name and employer else None
    person = contact.provider_key or contact.linkedin_url or named or contact.email
    return person or company.provider_key or company.uei or employer


def keep_lead_key(contact: Contact, key: str) -> None:
    """Note the key with the lead, person or company, before the first purchase: it is stored with it."""
    (contact if is_person(contact) else contact.company).extras.setdefault(BOUGHT_AS, key)
