"""How much is known of a lead, 0-100: what a rep needs to start, whatever the company is worth."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.target import Target
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, EmailStatus
from leadspiders.items.scores import Points
from leadspiders.rules.score_line import line
from leadspiders.rules.titles import closest

_REQUIRED = ("full name", "LinkedIn URL", "title", "company name", "city", "state")
_OF_COMPANY = ("website", "industry", "size", "a way to reach it")


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
    values = (
        contact.full_name, contact.linkedin_url, contact.title, contact.company.name, contact.city, contact.state
    )  # fmt: skip
    return _evenly("required fields", campaign.scoring.quality.required_fields, _REQUIRED, tuple(map(bool, values)))


def _email(contact: Contact, campaign: Campaign) -> Points:
    weights = campaign.scoring.quality
    state = email_state(contact)
    if state is None:
        return line("e-mail", 0, weights.email, "no address")
    if state == "invalid":
        return line("e-mail", 0, weights.email, "the address is invalid")
    if "email-role" in contact.flags:
        return line("e-mail", 0, weights.email, "a shared address, not the person's")
    points, why = {
        "valid": (weights.email, "verified"),
        "risky": (weights.email_risky, "it may bounce"),
        "unknown": (weights.email_unknown, "well-formed, not verified yet"),
    }[state]
    return line("e-mail", points, weights.email, why)


def _company(company: Company, campaign: Campaign) -> Points:
    values = (
        company.website or company.domain,
        company.industry or company.naics_code or company.company_type,
        company.employees or company.employee_min or company.employee_max,
        company.phone or company.linkedin_url or company.street,
    )
    return _evenly("company data", campaign.scoring.quality.company, _OF_COMPANY, tuple(map(bool, values)))


def _title(contact: Contact, campaign: Campaign) -> Points:
    weights = campaign.scoring.quality
    if not contact.title:
        return line("title", 0, weights.title, "no title")
    best = closest(contact.title, campaign.target.titles)
    wanted, likeness = best or ("any title", 100)
    if likeness == 100:
        points, why = weights.title, f"is wanted ({wanted})"
    elif likeness >= weights.title_similarity:
        points, why = weights.title_near, f"is near {wanted}"
    else:
        points, why = 0, "is no title of the target"
    return line("title", points, weights.title, f"{contact.title} {why}")


def _location(contact: Contact, campaign: Campaign) -> Points:
    """Where the person is, or where the company is if more is known of that; it never costs points to know more.

    Three tenths each for country and state, the rest for the metro; where no metro has priority, for the city.
    """
    target, weight = campaign.target, campaign.scoring.quality.location
    three_tenths = weight * 3 // 10
    worths = (three_tenths, three_tenths, weight - 2 * three_tenths)
    where: Contact | Company = contact
    met = _met(contact, target)
    points = sum(compress(worths, met))
    if points < weight:
        of_company = _met(contact.company, target)
        if (more := sum(compress(worths, of_company))) > points:
            where, met, points = contact.company, of_company, more
    told = ", ".join([part for part in (where.city, where.state, where.country) if part]) or "no place known"
    names = ("country", "state", "priority metro" if target.metros else "city")
    return line("location", points, weight, _told(told, _missing(names, met)))


def _met(where: Contact | Company, target: Target) -> tuple[bool, bool, bool]:
    """Whether country, state, and metro or city are as the campaign wants them."""
    area = where.metro in target.metros if target.metros else bool(where.city)
    return _wanted(where.country, target.countries), _wanted(where.state, target.states), area


def _wanted(value: str | None, wanted: tuple[str, ...]) -> bool:
    return value is not None and (not wanted or value in wanted)


@lru_cache(maxsize=1024)
def _evenly(reason: str, weight: int, names: tuple[str, ...], known: tuple[bool, ...]) -> Points:
    """`weight` split evenly over the fields; the points that do not divide go to the first ones."""
    share, rest = divmod(weight, len(names))
    points = sum(share + (index < rest) for index, value in enumerate(known) if value)
    missing = _missing(names, known)
    return line(reason, points, weight, _told("" if missing else "all known", missing))


def _missing(names: Sequence[str], known: Sequence[bool]) -> list[str]:
    return [name for name, value in zip(names, known, strict=True) if not value]


def _told(known: str, missing: list[str]) -> str:
    if not missing:
        return known
    return f"{known}; missing: {', '.join(missing)}" if known else f"missing: {', '.join(missing)}"
