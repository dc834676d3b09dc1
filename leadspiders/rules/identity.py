"""Who is who: the keys that make two records one, how companies without a common key compare, how two become one.

LinkedIn URL first, then e-mail, then provider id; companies by UEI, domain, provider id, name and place. In a merge
gaps are filled and nothing known is lost: values that lose stay in `extras` under `<field>_also`, and the winner's
evidence names the source that lost in `replaced`.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz

from leadspiders.items.company import Company, MarketingUse
from leadspiders.items.contact import Contact
from leadspiders.rules import company_names, domains, emails, linkedin, places
from leadspiders.rules.extras import keep

# Of 100, by rapidfuzz's token_sort_ratio on clean names. 92 lets one typo in twelve letters pass; below 75 nothing but
# common words (services, group) is shared.
SAME_NAME = 92.0
OTHER_NAME = 75.0
_NUMBER = re.compile(r"\d+")
# How far an address is proven. A catch-all host (risky) was at least looked at; unknown and None were not.
_PROOF = {"valid": 3, "risky": 2, "unknown": 1, None: 1, "invalid": 0}
# Licenses add up to the strictest: what may not be used for outreach stays so in company of what may.
_STRICTEST: tuple[MarketingUse, ...] = ("no", "unknown", "yes")
_OWN = {
    "email",
    "email_status",
    "company",
    "lead_state",
    "flags",
    "extras",
    "lineage",
    "origin",
    "id",
    "known",
    "scores",
}
_OWN |= {"employees", "employee_min", "employee_max", "marketing_use", "decision_makers"}
_CONTACT_FIELDS = tuple(field.name for field in fields(Contact) if field.name not in _OWN)
_COMPANY_FIELDS = tuple(field.name for field in fields(Company) if field.name not in _OWN)


@dataclass(slots=True, frozen=True)
class ContactKeys:
    """What a person is recognized by; None where there is none. `email` is no desk's, well-formed and not bounced."""

    linkedin: str | None
    email: str | None
    provider: str | None


@dataclass(slots=True, frozen=True)
class CompanyKeys:
    """What a company is recognized by. `name_place` is `clean name|state|city` and needs all three."""

    uei: str | None
    domain: str | None
    provider: str | None
    name_place: str | None


class Verdict(NamedTuple):
    """Whether two companies are one, and on what ground."""

    outcome: Literal["same", "different", "unsure"]
    why: str


def contact_keys(contact: Contact) -> ContactKeys:
    """The keys of a contact in canonical form, cleaned or not."""
    found = emails.check(contact.email)
    email = None if found.role or contact.email_status == "invalid" else found.address
    return ContactKeys(linkedin.person(contact.linkedin_url), email, contact.provider_key)


def company_keys(company: Company) -> CompanyKeys:
    """The keys of a company in canonical form; a free-mail or shared host is nobody's domain."""
    domain = domains.registrable(company.domain or company.website)
    if domain is not None and emails.is_free(domain):
        domain = None
    name = company_names.clean(company.name or company.legal_name)
    placed = name and company.state and company.city
    name_place = f"{name}|{company.state}|{places.city_key(company.city or '')}" if placed else None
    return CompanyKeys((company.uei or "").upper() or None, domain, company.provider_key, name_place)


def same_company(a: Company, b: Company) -> Verdict:
    """Compare by keys, then by name (`SAME_NAME`, `OTHER_NAME`) and place. In doubt `unsure`: report, never guess."""
    mine, other = company_keys(a), company_keys(b)
    for kind in ("uei", "provider", "domain"):
        if getattr(mine, kind) is not None and getattr(mine, kind) == getattr(other, kind):
            return Verdict("same", f"same {kind}")
    left, right = company_names.clean(a.name or a.legal_name), company_names.clean(b.name or b.legal_name)
    if left is None or right is None:
        return Verdict("unsure", "a name is missing")
    if by_name := _by_name(left, right):
        return by_name
    clash = next((kind for kind in ("uei", "domain") if getattr(mine, kind) and getattr(other, kind)), None)
    return Verdict("unsure", f"same name, another {clash}") if clash else _by_place(a, b)


def _by_name(left: str, right: str) -> Verdict | None:
    """What two clean names say when they are not one name."""
    likeness = fuzz.token_sort_ratio(left, right)
    if _NUMBER.findall(left) != _NUMBER.findall(right):
        # Local 12 and Local 13 differ by one letter and are two unions.
        return Verdict("different", "names differ in a number")
    if likeness >= SAME_NAME:
        return None
    # "Acme" may be short for "Acme Tool and Die": all words of one are in the other.
    alike = likeness >= OTHER_NAME or fuzz.token_set_ratio(left, right) == 100
    return Verdict("unsure" if alike else "different", f"names are {likeness:.0f} of 100 alike")


def _by_place(a: Company, b: Company) -> Verdict:
    """What the place says of two companies of one name."""
    if not (a.state and b.state and a.city and b.city):
        return Verdict("unsure", "same name, place unknown")
    if a.state != b.state:
        return Verdict("unsure", "same name, another state")
    if places.city_key(a.city) != places.city_key(b.city):
        return Verdict("unsure", "same name and state, another city")
    return Verdict("same", "same name and place")


def merge_contact(into: Contact, other: Contact) -> None:
    """Fill what `into` lacks from `other`; the better verified e-mail wins. Doing it twice changes nothing more.

    Their companies merge too, unless they are plainly two: then the other's name is kept in `extras`.
    """
    _merge_email(into, other)
    for name in _CONTACT_FIELDS:
        _fill(into, other, name)
    into.flags.extend(flag for flag in other.flags if flag not in into.flags and not flag.startswith("email-"))
    if same_company(into.company, other.company).outcome != "different":
        merge_company(into.company, other.company)
    elif other.company.name:
        keep(into.extras, "company_also", other.company.name)
    _adopt(into, other)


def merge_company(into: Company, other: Company) -> None:
    """Fill what `into` lacks from `other`. A head count beats a range; the strictest license holds."""
    if into.employees is None and other.employees is not None:
        into.employee_min = into.employee_max = None
        _fill(into, other, "employees")
    elif into.employees is into.employee_min is into.employee_max is None:
        _fill(into, other, "employee_min")
        _fill(into, other, "employee_max")
    for name in _COMPANY_FIELDS:
        _fill(into, other, name)
    into.marketing_use = min(into.marketing_use, other.marketing_use, key=_STRICTEST.index)
    into.decision_makers = max(into.decision_makers, other.decision_makers)
    _adopt(into, other)


def _merge_email(into: Contact, other: Contact) -> None:
    """The address with the better proof; at a tie a person's before a desk's, then the one that was there."""
    address = emails.check(other.email).address
    if address is None:
        return
    if address == into.email:
        # About one address the newer verdict holds, good or bad.
        if other.email_status not in {None, "unknown", into.email_status}:
            into.email_status = other.email_status
            _cite(into, other, "email_status")
        return
    if into.email is not None and _worth(other) <= _worth(into):
        _lose(into, other, "email", address)
        return
    if into.email is not None:
        keep(into.extras, "email_also", into.email)
    loser, winner = into.lineage.pop("email", None), other.lineage.get("email")
    if winner is not None:
        into.lineage["email"] = replace(winner, replaced=loser.source if loser else winner.replaced)
    into.email, into.email_status = address, other.email_status
    into.flags[:] = [flag for flag in into.flags if not flag.startswith("email-")] + list(emails.check(address).flags)


def _worth(contact: Contact) -> tuple[int, bool]:
    return _PROOF[contact.email_status], not emails.check(contact.email).role


def _fill(into: Contact | Company, other: Contact | Company, name: str) -> None:
    mine, theirs = getattr(into, name), getattr(other, name)
    if theirs is None or theirs == mine:
        return
    if mine is None:
        setattr(into, name, theirs)
        _cite(into, other, name)
    else:
        _lose(into, other, name, theirs)


def _cite(into: Contact | Company, other: Contact | Company, name: str) -> None:
    if name in other.lineage:
        into.lineage[name] = other.lineage[name]


def _lose(into: Contact | Company, other: Contact | Company, name: str, value: Any) -> None:
    """Keep what lost, and write its source into the evidence of what stayed."""
    keep(into.extras, f"{name}_also", value)
    stays, loser = into.lineage.get(name), other.lineage.get(name)
    if stays is not None and loser is not None and stays.replaced is None:
        into.lineage[name] = replace(stays, replaced=loser.source)


def _adopt(into: Contact | Company, other: Contact | Company) -> None:
    """What is no field of its own: the rest of the source's words, where it came from, its row in the database."""
    for name, value in other.extras.items():
        into.extras.setdefault(name, value)
    into.origin = into.origin or other.origin
    into.id = into.id or other.id
    into.known = into.known or other.known
