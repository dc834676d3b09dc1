"""Which destinations get a lead, and when it is fit to go."""

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

ORDER = ("raw", "identified", "enriched", "ready")


def destinations(item: Contact | Company, campaign: Campaign) -> list[str]:
    """Names of the destinations that should have this lead now. A company without a person is no lead to deliver."""
    if isinstance(item, Company):
        return []
    return [name for name, to in campaign.delivery.destinations.items() if to.enabled and _fit(item, to.when)]


def _fit(contact: Contact, when: str) -> bool:
    if when == "qualified":
        return bool(contact.scores and contact.scores.is_qualified)
    if when == "stored":
        return True
    return ORDER.index(contact.lead_state) >= ORDER.index(when)
