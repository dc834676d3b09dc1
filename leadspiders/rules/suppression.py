"""By which traits a person can ask not to be contacted."""

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.domains import registrable
from leadspiders.rules.emails import is_free

SHARED = frozenset(("phone", "domain"))
"""Kinds that many people share: a switchboard, an employer."""


def traits(item: Contact | Company) -> list[tuple[str, str]]:
    """`(kind, value)` of every trait an opt-out may name; values are in their canonical form."""
    if isinstance(item, Company):
        named = [("domain", item.domain), ("phone", item.phone)]
    else:
        named = [
            ("email", item.email and item.email.lower()),
            ("phone", item.phone),
            ("linkedin", item.linkedin_url),
            ("provider", item.provider_key),  # of somebody who asked under another name: known before the paid match
            ("domain", item.company.domain),
            ("domain", email_domain(item.email)),
        ]
    return list(dict.fromkeys([(kind, value) for kind, value in named if value]))


def email_domain(email: str | None) -> str | None:
    """The employer's domain in an address; a free-mail host is nobody's."""
    host = (email or "").rpartition("@")[2].lower()
    return None if not host or is_free(host) else registrable(host)
