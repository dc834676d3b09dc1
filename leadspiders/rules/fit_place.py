"""What a place is worth: a priority metro, a preferred state, or simply being where the campaign looks."""

from typing import cast

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import STATES, Metro
from leadspiders.campaigns.target import Target
from leadspiders.campaigns.weights import Place
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact


def place(company: Company, contact: Contact | None, weights: Place, campaign: Campaign) -> tuple[int, int, str]:
    """Points, cap and evidence. The person's place counts in a campaign for people, else the employer's."""
    places = (contact, company) if campaign.lead == "contact" else (company, contact)
    for where in places:
        if where and (where.metro or where.state or where.country):
            worth = max(
                weights.metros.get(cast("Metro", where.metro), 0),
                weights.states.get(where.state or "", 0),
                weights.target if _in_target(where, campaign.target) else weights.other,
            )
            told = [part for part in (where.metro, where.state, where.country) if part]
            return worth, weights.cap, ", ".join(told)
    return weights.unknown, weights.cap, "not known"


def _in_target(where: Company | Contact, target: Target) -> bool:
    country = where.country or ("United States" if where.state in STATES else None)
    right_country = not target.countries or country in target.countries
    return right_country and (not target.states or where.state in target.states)
