"""What a place is worth: a priority metro, a preferred state, or simply being where the campaign looks."""

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import STATES
from leadspiders.campaigns.target import Target
from leadspiders.campaigns.weights import Place
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact


def place(company: Company, contact: Contact | None, weights: Place, campaign: Campaign) -> tuple[int, int, str]:
    """Points, cap and evidence. The person's place counts in a campaign for people, else the employer's."""
    person_first = campaign.lead == "contact"
    candidates = [contact, company] if person_first else [company, contact]
    where = next((one for one in candidates if one and (one.metro or one.state or one.country)), None)
    if where is None:
        return weights.unknown, weights.cap, "not known"
    worths = [
        next((worth for metro, worth in weights.metros.items() if metro == where.metro), 0),
        weights.states.get(where.state or "", 0),
        weights.target if _in_target(where, campaign.target) else weights.other,
    ]
    told = [where.metro, where.state, where.country]
    return max(worths), weights.cap, ", ".join(part for part in told if part)


def _in_target(where: Company | Contact, target: Target) -> bool:
    country = where.country or ("United States" if where.state in STATES else None)
    right_country = not target.countries or country in target.countries
    return right_country and (not target.states or where.state in target.states)
