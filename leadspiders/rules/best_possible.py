"""The best scores a lead can still reach: what is known stays, and every open question is answered best.

Nothing is bought for a lead that misses the campaign's bar even so.
"""

from math import inf

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.target import Between
from leadspiders.campaigns.weights import Industry, Place, SeniorityPoints, Size, Variant
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.company_names import clean
from leadspiders.rules.fit import total
from leadspiders.rules.fit_industry import industry, listed
from leadspiders.rules.fit_place import place
from leadspiders.rules.fit_size import size, worth
from leadspiders.rules.quality import quality
from leadspiders.rules.variants import assign, sticky_key


def not_worth_it(lead: Contact | Company, campaign: Campaign) -> str | None:
    """Why the lead misses the bar whatever is bought for it, in words; None when it may still reach it."""
    rule = campaign.scoring.qualify
    best = best_quality(lead, campaign) if rule.score == "quality" else best_fit(lead, campaign)
    if rule.at_least is not None and best < rule.at_least:
        return f"{rule.score} reaches {best} at best, {rule.at_least} or more is needed"
    if rule.above is not None and best <= rule.above:
        return f"{rule.score} reaches {best} at best, more than {rule.above} is needed"
    return None


def best_quality(lead: Contact | Company, campaign: Campaign) -> int:
    """At most so much is ever known of the lead. A bad address can be replaced; a title that is no target's stays."""
    weights = campaign.scoring.quality
    contact = Contact(company=lead) if isinstance(lead, Company) else lead
    now = {line.reason: line.points for line in quality(contact, campaign)[1]}
    title = now["title"] if contact.title else weights.title
    return int(weights.required_fields + weights.email + weights.company + title + weights.location)


def best_fit(lead: Contact | Company, campaign: Campaign) -> int:
    """At most so well the lead ever fits. A company whose name is not known yet may come into any variant."""
    contact = lead if isinstance(lead, Contact) else None
    company = lead.company if isinstance(lead, Contact) else lead
    variants = campaign.scoring.variants
    if clean(company.name):
        return _best_fit(company, contact, campaign, variants[assign(campaign, sticky_key(company, contact))])
    return max(_best_fit(company, contact, campaign, variant) for variant in variants.values() if variant.share)


def _best_fit(company: Company, contact: Contact | None, campaign: Campaign, weights: Variant) -> int:
    parts = []
    if weights.industry:
        parts.append((_industry(company, weights.industry), weights.industry.cap))
    if weights.size:
        parts.append((_size(company, weights.size, campaign.target.employees), weights.size.cap))
    if weights.decision_makers:
        parts.append((weights.decision_makers.points[-1], weights.decision_makers.cap))
    if weights.place:
        parts.append((_place(company, contact, weights.place, campaign), weights.place.cap))
    if weights.seniority:
        parts.append((_seniority(contact, weights.seniority), weights.seniority.cap))
    return total(parts, weights)


def _industry(company: Company, weights: Industry) -> int:
    now = industry(company, weights)[0]
    if listed(company, weights):
        return now
    if company.naics_code is None:
        return max(now, weights.other, weights.unknown, *weights.naics.values(), *weights.words.values())
    if company.company_type is None or company.industry is None:
        return max(now, weights.other, *weights.words.values())
    return now


def _size(company: Company, weights: Size, wanted: Between | None) -> int:
    """Of a range, the head count in it that is worth most."""
    if company.employees is not None:
        return size(company, weights, wanted)[0]
    now = size(company, weights, wanted)[0]
    low, high = company.employee_min or 0, inf if company.employee_max is None else company.employee_max
    if wanted:
        low, high = max(low, wanted.min), min(high, wanted.max)
    if low > high:
        return now
    # The count that is nearest to the sweet spot; a range that reaches into it is worth all.
    nearest = min(max(weights.sweet_spot.min, low), high)
    return max(now, worth(int(nearest), weights, wanted))


def _place(company: Company, contact: Contact | None, weights: Place, campaign: Campaign) -> int:
    first = (contact or company) if campaign.lead == "contact" else company
    now = place(company, contact, weights, campaign)[0]
    if first.metro and first.state and first.country:
        return now
    metros = () if first.metro else weights.metros.values()
    states = () if first.state else weights.states.values()
    return max(now, weights.target, weights.other, weights.unknown, *metros, *states)


def _seniority(contact: Contact | None, weights: SeniorityPoints) -> int:
    if contact is None:
        return weights.unknown
    if contact.seniority:
        return next((points for level, points in weights.levels.items() if level == contact.seniority), weights.other)
    return max(weights.unknown, weights.other, *weights.levels.values())
