"""How two records become one: gaps are filled, of two values the one that `precedence` believes stays, nothing is lost.

The value that goes stays in `extras` under `<field>_also`, and the winner's evidence names the source that lost in
`replaced`. What belongs together (a city and its state, the parts of a name, a job with its employer and place) is
taken together.
"""

from dataclasses import fields, replace
from typing import Any

from leadspiders.items.company import Company, MarketingUse
from leadspiders.items.contact import Contact
from leadspiders.rules import domains, emails
from leadspiders.rules.extras import BOUGHT_AS, keep
from leadspiders.rules.identity import company_keys
from leadspiders.rules.likeness import same_company
from leadspiders.rules.precedence import beats, evidence, newer

# How far an address is proven. A catch-all host (risky) was at least looked at; unknown and None were not.
_PROOF = {"valid": 3, "risky": 2, "unknown": 1, None: 1, "invalid": 0}
# Licenses add up to the strictest: what may not be used for outreach stays so in company of what may.
_STRICTEST: tuple[MarketingUse, ...] = ("no", "unknown", "yes")
_OWN = {"company", "lead_state", "flags", "extras", "lineage", "origin", "id", "known", "scores"}
_OWN |= {"email", "email_status", "marketing_use", "decision_makers", "employees", "employee_min", "employee_max"}
_PERSON_NAME = ("full_name", "first_name", "last_name")
_PERSON_PLACE = ("city", "state", "country", "metro")
_JOB = ("title", "seniority", *_PERSON_PLACE)
_ADDRESS = ("city", "state", "country", "metro", "street", "postal_code")
_STAFF = ("employees", "employee_min", "employee_max")


def _alone(record: type[Contact] | type[Company], *together: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    taken = _OWN.union(*together)
    return (*together, *((field.name,) for field in fields(record) if field.name not in taken))


_CONTACT_GROUPS = _alone(Contact, _PERSON_NAME, _PERSON_PLACE)
_COMPANY_GROUPS = _alone(Company, _ADDRESS)


def merge_contact(into: Contact, other: Contact) -> None:
    """Make `into` what the two records say together, and its company too. Twice changes nothing more."""
    if not _elsewhere(into.company, other.company):
        merge_company(into.company, other.company)
    merge_person(into, other)


def merge_person(into: Contact, other: Contact) -> None:
    """The same for the person alone; the better verified e-mail wins.

    Where their employers are plainly two, one of the jobs is taken with all that belongs to it and the employer; the
    name of the other employer is kept in `extras`.
    """
    moved = _elsewhere(into.company, other.company)
    if moved:
        _merge_job(into, other)
    else:
        _merge_email(into, other)
        into.company.id = into.company.id or other.company.id
    for names in _CONTACT_GROUPS:
        if not (moved and names[0] in _JOB):
            _settle(into, other, names)
    into.flags.extend(flag for flag in other.flags if flag not in into.flags and not flag.startswith("email-"))
    _adopt(into, other)


def merge_company(into: Company, other: Company) -> None:
    """Make `into` what the two records say together. A head count beats a range; the strictest license holds."""
    _merge_staff(into, other)
    for names in _COMPANY_GROUPS:
        _settle(into, other, names)
    into.marketing_use = min(into.marketing_use, other.marketing_use, key=_STRICTEST.index)
    into.decision_makers = max(into.decision_makers, other.decision_makers)
    _adopt(into, other)


def _elsewhere(mine: Company, other: Company) -> bool:
    """Whether these are plainly two employers."""
    if mine.id is not None and mine.id == other.id:
        return False
    return same_company(mine, other).outcome == "different"


def _merge_job(into: Contact, other: Contact) -> None:
    """The job that was told last, by the rules for a title. A work address goes with its job."""
    if beats(into, "title", challenger=evidence(other, "title"), holder=evidence(into, "title")):
        _take_job(into, other)
    else:
        _lose_job(into, other)


def _lose_job(into: Contact, other: Contact) -> None:
    for name in _JOB:
        if (value := getattr(other, name)) is not None and value != getattr(into, name):
            _lose(into, other, name, value)
    if other.company.name:
        keep(into.extras, "company_also", other.company.name)
    if _of_work(other):
        _lose(into, other, "email", other.email)
    else:
        _merge_email(into, other)


def _take_job(into: Contact, other: Contact) -> None:
    for name in _JOB:
        mine, theirs = getattr(into, name), getattr(other, name)
        if mine is not None and mine != theirs:
            keep(into.extras, f"{name}_also", mine)
        if theirs is None:
            setattr(into, name, None)
            into.lineage.pop(name, None)
        elif mine != theirs:
            _take(into, other, name)
    if _of_work(other) and other.email_status != "invalid" and emails.check(other.email).address != into.email:
        _take_email(into, other)
    else:
        _merge_email(into, other)
    if into.company.name:
        keep(into.extras, "company_also", into.company.name)
    into.company = replace(other.company, extras=dict(other.company.extras), lineage=dict(other.company.lineage))


def _of_work(contact: Contact) -> bool:
    """Whether the address is one at the employer's domain."""
    address = emails.check(contact.email).address
    domain = company_keys(contact.company).domain
    return bool(address and domain and domains.registrable(address.partition("@")[2]) == domain)


def _merge_staff(into: Company, other: Company) -> None:
    if (into.employees is None) == (other.employees is None):
        _settle(into, other, _STAFF)
    elif other.employees is not None:
        into.employee_min = into.employee_max = None
        _take(into, other, "employees")


def _merge_email(into: Contact, other: Contact) -> None:
    """The address with the better proof; at a tie a person's before a desk's, then as `precedence` says."""
    address = emails.check(other.email).address
    if address is None:
        return
    if address == into.email:
        # About one address the newer verdict holds, good or bad.
        told = other.email_status not in {None, "unknown", into.email_status}
        if told and not newer(_verdict(into), _verdict(other)):
            into.email_status = other.email_status
            _cite(into, other, "email_status")
        return
    if into.email is not None and not _better(into, other):
        _lose(into, other, "email", address)
        return
    _take_email(into, other)


def _take_email(into: Contact, other: Contact) -> None:
    address = emails.check(other.email).address
    if into.email is not None:
        keep(into.extras, "email_also", into.email)
    _cite(into, other, "email")
    into.lineage.pop("email_status", None)
    into.email, into.email_status = address, other.email_status
    if "email_status" in other.lineage:
        into.lineage["email_status"] = other.lineage["email_status"]
    into.flags[:] = [flag for flag in into.flags if not flag.startswith("email-")] + list(emails.check(address).flags)


def _verdict(contact: Contact) -> Any:
    return evidence(contact, "email_status") if contact.email_status not in {None, "unknown"} else None


def _better(into: Contact, other: Contact) -> bool:
    mine, theirs = _worth(into), _worth(other)
    if mine != theirs:
        return theirs > mine
    return beats(into, "email", challenger=evidence(other, "email"), holder=evidence(into, "email"))


def _worth(contact: Contact) -> tuple[int, bool]:
    return _PROOF[contact.email_status], not emails.check(contact.email).role


def _settle(into: Contact | Company, other: Contact | Company, names: tuple[str, ...]) -> None:
    """Fields that are taken together: where they contradict each other all go to one side, else gaps are filled."""
    theirs = {name: value for name in names if (value := getattr(other, name)) is not None}
    differing = [name for name, value in theirs.items() if value != getattr(into, name)]
    clash = next((name for name in differing if getattr(into, name) is not None), None)
    if clash is None:
        for name in differing:
            _take(into, other, name)
    elif beats(into, clash, challenger=evidence(other, clash), holder=evidence(into, clash)):
        for name in names:
            if (mine := getattr(into, name)) is not None and mine != theirs.get(name):
                keep(into.extras, f"{name}_also", mine)
            if name in differing:
                _take(into, other, name)
            elif name not in theirs:
                setattr(into, name, None)
                into.lineage.pop(name, None)
    else:
        for name in differing:
            _lose(into, other, name, theirs[name])


def _take(into: Contact | Company, other: Contact | Company, name: str) -> None:
    _cite(into, other, name)
    setattr(into, name, getattr(other, name))


def _cite(into: Contact | Company, other: Contact | Company, name: str) -> None:
    """Put the evidence of the value that comes in the place of the one that goes."""
    loser = evidence(into, name) if getattr(into, name) is not None else None
    winner = evidence(other, name)
    into.lineage.pop(name, None)
    if winner is not None:
        replaced = loser.source if loser else winner.replaced
        into.lineage[name] = winner if replaced == winner.replaced else replace(winner, replaced=replaced)


def _lose(into: Contact | Company, other: Contact | Company, name: str, value: Any) -> None:
    """Keep what lost, and write its source into the evidence of what stayed."""
    keep(into.extras, f"{name}_also", value)
    stays, loser = evidence(into, name), evidence(other, name)
    if getattr(into, name) is not None and stays is not None and loser is not None and stays.replaced is None:
        into.lineage[name] = replace(stays, replaced=loser.source)


def _adopt(into: Contact | Company, other: Contact | Company) -> None:
    """What is no field of its own: the rest of the source's words, where it came from, its row in the database."""
    for name, value in other.extras.items():
        if name == BOUGHT_AS:
            for key in value if isinstance(value, list) else [value]:
                keep(into.extras, name, key)
        into.extras.setdefault(name, value)
    into.origin = into.origin or other.origin
    into.id = into.id or other.id
    into.known = into.known or other.known
