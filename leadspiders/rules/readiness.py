"""How far a lead has come, and what it still lacks.

raw         nothing to recognize the person by
identified  a key: LinkedIn URL, personal e-mail or provider id; the name may be masked
enriched    the name is known: a match or a source gave it in full
ready       all six required fields: full name, LinkedIn URL, title, company, city, state
"""

from leadspiders.items.contact import Contact, LeadState
from leadspiders.rules.identity import contact_keys
from leadspiders.rules.names import masked

REQUIRED = ("full_name", "linkedin_url", "title", "company", "city", "state")


def state_of(contact: Contact) -> LeadState:
    """The state that the fields of a cleaned contact amount to, whatever `lead_state` says."""
    if not missing_for_ready(contact):
        return "ready"
    keys = contact_keys(contact)
    if not (keys.linkedin or keys.email or keys.provider):
        return "raw"
    return "enriched" if contact.full_name and not masked(contact.full_name) else "identified"


def missing_for_ready(contact: Contact) -> list[str]:
    """What is missing, in the order of `REQUIRED`; city and state are the person's, not the company's."""
    held = {
        "full_name": contact.full_name and not masked(contact.full_name),
        "linkedin_url": contact.linkedin_url,
        "title": contact.title,
        "company": contact.company.name,
        "city": contact.city,
        "state": contact.state,
    }
    return [field for field in REQUIRED if not held[field]]
