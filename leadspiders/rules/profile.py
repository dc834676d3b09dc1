"""Whether a record can be a lead of a campaign at all. What is not known yet is no reason to refuse."""

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.sizes import in_range


def refusal(item: Contact | Company, campaign: Campaign) -> str | None:
    """A short name of the reason, or None when nothing known speaks against the record."""
    company = item.company if isinstance(item, Contact) else item
    if company.marketing_use == "no":
        return "marketing-use-not-allowed"
    if company.marketing_use == "unknown" and campaign.sources.samgov.marketing_use_unknown == "refuse":
        return "marketing-use-unknown"
    staff = campaign.target.employees
    if staff and in_range(company, staff.min, staff.max) is False:
        return "staff-out-of-range"
    return None
