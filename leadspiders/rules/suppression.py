"""By which traits a person can ask not to be contacted."""

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact


def traits(item: Contact | Company) -> list[tuple[str, str]]:
    """`(kind, value)` of every trait an opt-out may name; values are in their canonical form."""
    if isinstance(item, Company):
        named = [("domain", item.domain), ("phone", item.phone)]
    else:
        named = [
            ("email", item.email and item.email.lower()),
            ("phone", item.phone),
            ("linkedin", item.linkedin_url),
            ("domain", item.company.domain),
        ]
    return [(kind, value) for kind, value in named if value]
