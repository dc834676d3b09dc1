"""Both scores of a lead, by its campaign: as the score stage puts them on a record, and the store on what it holds."""

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.rules.fit import fit
from leadspiders.rules.qualify import is_qualified
from leadspiders.rules.quality import quality
from leadspiders.rules.variants import assign, sticky_key


def scores(lead: Contact | Company, campaign: Campaign) -> Scores:
    """The scores of a person, or of an employer that is a lead itself. The variant sticks to the company."""
    contact = lead if isinstance(lead, Contact) else None
    company = lead.company if isinstance(lead, Contact) else lead
    variant = assign(campaign, sticky_key(company, contact))
    quality_score, quality_points = quality(lead, campaign)
    fit_score, fit_points = fit(company, contact, campaign, variant)
    return Scores(
        quality=quality_score,
        quality_points=quality_points,
        fit=fit_score,
        fit_points=fit_points,
        variant=variant,
        version=campaign.scoring.version,
        is_qualified=is_qualified(campaign, quality_score, fit_score, contact),
    )
