"""How much is known of a lead, 0-100: what a rep needs to start, whatever the company is worth."""

from collections.abc import Mapping

from leadspiders.campaigns.model import Campaign
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, EmailStatus
from leadspiders.items.scores import Points
from leadspiders.rules.titles import closest


def quality(lead: Contact | Company, campaign: Campaign) -> tuple[int, list[Points]]:
    """The score and its five lines, which add up to it; weights are the campaign's. No line holds a personal datum.

    A company is judged as a lead whose person is not found yet.
    """
    contact = Contact(company=lead) if isinstance(lead, Company) else lead
    lines = [
        _required_fields(contact, campaign),
        _email(contact, campaign),
        _company(contact.company, campaign),
        _title(contact, campaign),
        _location(contact, campaign),
    ]
    return int(sum(line.points for line in lines)), lines


def email_state(contact: Contact) -> EmailStatus | None:
    """What is known of the address; one that cannot be an address is invalid, no matter what a provider said."""
    if contact.email_status == "invalid" or "email-invalid" in contact.flags:
        return "invalid"
    return (contact.email_status or "unknown") if contact.email else None


def _required_fields(contact: Contact, campaign: Campaign) -> Points:
    known = {
        "full name": contact.full_name,
        "LinkedIn URL": contact.linkedin_url,
        "title": contact.title,
        "company name": contact.company.name,
        "city": contact.city,
        "state": contact.state,
    }
    return _evenly("required fields", campaign.scoring.quality.required_fields, known)


def _email(contact: Contact, campaign: Campaign) -> Points:
    weights = campaign.scoring.quality
    state = email_state(contact)
    if state is None:
        return Points(points=0, reason="e-mail", evidence=f"0 of {weights.email}: no address")
    if state == "invalid":
        return Points(points=0, reason="e-mail", evidence=f"0 of {weights.email}: the address is invalid")
    if "email-role" in contact.flags:
        return Points(points=0, reason="e-mail", evidence=f"0 of {weights.email}: a shared address, not the person's")
    points, why = {
        "valid": (weights.email, "verified"),
        "risky": (weights.email_risky, "it may bounce"),
        "unknown": (weights.email_unknown, "well-formed, not verified yet"),
    }[state]
    return Points(points=points, reason="e-mail", evidence=f"{points} of {weights.email}: {why}")


def _company(company: Company, campaign: Campaign) -> Points:
    known = {
        "website": company.website or company.domain,
        "industry": company.industry or company.naics_code or company.company_type,
        "size": company.employees or company.employee_min or company.employee_max,
        "a way to reach it": company.phone or company.linkedin_url or company.street,
    }
    return _evenly("company data", campaign.scoring.quality.company, known)


def _title(contact: Contact, campaign: Campaign) -> Points:
    weights = campaign.scoring.quality
    if not contact.title:
        return Points(points=0, reason="title", evidence=f"0 of {weights.title}: no title")
    best = closest(contact.title, campaign.target.titles)
    wanted, likeness = best or ("any title", 100)
    if likeness == 100:
        points, why = weights.title, f"is wanted ({wanted})"
    elif likeness >= weights.title_similarity:
        points, why = weights.title_near, f"is near {wanted}"
    else:
        points, why = 0, "is no title of the target"
    return Points(points=points, reason="title", evidence=f"{points} of {weights.title}: {contact.title} {why}")


def _location(contact: Contact, campaign: Campaign) -> Points:
    """Where the person is, or where the company is if more is known of that; it never costs points to know more."""
    return max(_place(contact, campaign), _place(contact.company, campaign), key=lambda line: line.points)


def _place(where: Contact | Company, campaign: Campaign) -> Points:
    """Three tenths each for country and state, the rest for the metro; where no metro has priority, for the city."""
    target, weight = campaign.target, campaign.scoring.quality.location
    three_tenths = weight * 3 // 10
    parts = {
        "country": (three_tenths, _wanted(where.country, target.countries)),
        "state": (three_tenths, _wanted(where.state, target.states)),
    }
    if target.metros:
        parts["priority metro"] = (weight - 2 * three_tenths, where.metro in target.metros)
    else:
        parts["city"] = (weight - 2 * three_tenths, bool(where.city))
    points = sum(worth for worth, met in parts.values() if met)
    told = ", ".join(part for part in (where.city, where.state, where.country) if part) or "no place known"
    missing = [name for name, (_, met) in parts.items() if not met]
    return Points(points=points, reason="location", evidence=_of(points, weight, told, missing))


def _wanted(value: str | None, wanted: tuple[str, ...]) -> bool:
    return value is not None and (not wanted or value in wanted)


def _evenly(reason: str, weight: int, known: Mapping[str, object]) -> Points:
    """`weight` split evenly over the fields; the points that do not divide go to the first ones."""
    share, rest = divmod(weight, len(known))
    points = sum(share + (index < rest) for index, value in enumerate(known.values()) if value)
    missing = [name for name, value in known.items() if not value]
    return Points(
        points=points, reason=reason, evidence=_of(points, weight, "all known" if not missing else "", missing)
    )


def _of(points: int, weight: int, known: str, missing: list[str]) -> str:
    told = [known] if known else []
    if missing:
        told.append(f"missing: {', '.join(missing)}")
    return f"{points} of {weight}: {'; '.join(told)}"
