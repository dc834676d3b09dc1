"""Whether a person is one of those whom the campaign wants at an employer: by title, or by level."""

from leadspiders.campaigns.model import Campaign
from leadspiders.items.contact import Contact
from leadspiders.rules.titles import closest


def is_decision_maker(contact: Contact, campaign: Campaign) -> bool:
    """A title of the target or one that is near it, or a level of the target; anybody where it names neither."""
    target = campaign.target
    if not target.titles and not target.seniorities:
        return True
    if contact.seniority and contact.seniority in target.seniorities:
        return True
    best = closest(contact.title, target.titles) if contact.title else None
    return best is not None and best[1] >= campaign.scoring.quality.title_similarity
