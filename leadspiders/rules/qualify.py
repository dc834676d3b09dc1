"""Whether a lead is worth a rep's time, by the rule of its campaign."""

from leadspiders.campaigns.model import Campaign
from leadspiders.items.contact import Contact
from leadspiders.rules.quality import email_state


def is_qualified(campaign: Campaign, quality: int, fit: int, contact: Contact | None) -> bool:
    """Whether nothing speaks against it; scores run 0-100, `contact` is None for a company without a person yet."""
    return not why_not(campaign, quality, fit, contact)


def why_not(campaign: Campaign, quality: int, fit: int, contact: Contact | None) -> list[str]:
    """What keeps the lead from being qualified, one line a reason; empty when it is."""
    rule = campaign.scoring.qualify
    score = quality if rule.score == "quality" else fit
    reasons = []
    if rule.at_least is not None and score < rule.at_least:
        reasons.append(f"{rule.score} is {score}, {rule.at_least} or more is needed")
    if rule.above is not None and score <= rule.above:
        reasons.append(f"{rule.score} is {score}, more than {rule.above} is needed")
    state = email_state(contact) if contact else None
    if state in rule.email_not:
        reasons.append(f"the e-mail address is {state}")
    return reasons
