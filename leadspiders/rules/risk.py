"""How hard an employer's industry is to insure, in the campaign's own words, for the field of that name in the CRM."""

from typing import Literal

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.rules.longest_prefix import longest_prefix


def industry_risk(company: Company, campaign: Campaign) -> Literal["low", "medium", "high"] | None:
    """The risk of the longest matching NAICS prefix; None without a code, or when the campaign says nothing of it."""
    table = campaign.scoring.industry_risk
    prefix = longest_prefix(company.naics_code, table) if company.naics_code else None
    return table[prefix] if prefix else None
