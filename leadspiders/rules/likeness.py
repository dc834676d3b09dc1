"""How records compare that have no key in common, or one key and two names: same, different, or for people to decide.

Merging two that are two cannot be undone, so the bar is high: near names need something else in common.
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules import places, titles
from leadspiders.rules.identity import company_keys, contact_keys, employer_name
from leadspiders.rules.text import fold

# Of 100, by rapidfuzz's token_sort_ratio on clean names. 92 lets one typo in twelve letters pass; below 75 nothing but
# common words (services, group) is shared.
SAME_NAME = 92.0
OTHER_NAME = 75.0
SAME_TITLE = 90
_NUMBER = re.compile(r"\d+")
_LABELS = {"uei": "UEI", "cage": "CAGE", "ein": "EIN", "linkedin": "LinkedIn profile", "email": "e-mail"}


class Verdict(NamedTuple):
    """Whether two records are one, on what ground, and how alike their names are (0-100)."""

    outcome: Literal["same", "different", "unsure"]
    why: str
    likeness: int = 0


def same_company(a: Company, b: Company) -> Verdict:
    """Compare by keys, then by name (`SAME_NAME`, `OTHER_NAME`) and place. In doubt `unsure`: report, never guess.

    Registrations tell apart what a domain, an EIN or a provider holds for one: subsidiaries share those.
    """
    mine, other = company_keys(a), company_keys(b)
    shared = [kind for kind in ("uei", "cage", "provider", "domain", "ein") if _equal(mine, other, kind)]
    apart = [kind for kind in ("uei", "cage", "ein", "domain") if _differ(mine, other, kind)]
    left, right = employer_name(a), employer_name(b)
    alike = round(fuzz.token_sort_ratio(left, right)) if left and right else 0
    if shared:
        other_firm = shared[0] in {"domain", "ein"} and _another_firm(a, b, left, right, alike)
        return _by_keys(shared, apart, alike, other_firm=other_firm)
    if left is None or right is None:
        return Verdict("unsure", "a name is missing")
    if by_name := _by_name(left, right, alike):
        return by_name
    if apart:
        return Verdict("unsure", f"same name, another {_label(apart[0])}", alike)
    bare = not any((mine.uei, mine.cage, mine.ein, mine.domain, mine.provider, other.uei, other.cage, other.ein))
    return _by_place(a, b, alike, bare=bare and not (other.domain or other.provider))


def _by_keys(shared: list[str], apart: list[str], alike: int, *, other_firm: bool) -> Verdict:
    """What a common key says against the keys that differ."""
    if other_firm:
        return Verdict("unsure", f"same {_label(shared[0])}, another name and place", alike)
    registered = [kind for kind in apart if kind != "domain"]
    if "uei" in shared or not registered or (shared[0] == "cage" and "uei" not in apart):
        return Verdict("same", f"same {_label(shared[0])}", alike)
    return Verdict("unsure", f"same {_label(shared[0])}, another {_label(registered[0])}", alike)


def same_person(a: Contact, b: Contact) -> Verdict:
    """Compare by keys, then by name and employer. Who has another profile or address there may be a namesake."""
    mine, other = contact_keys(a), contact_keys(b)
    alike = _people_alike(a, b)
    shared = [kind for kind in ("linkedin", "email", "provider") if _equal(mine, other, kind)]
    if shared == ["email"] and _differ(mine, other, "linkedin") and alike is not None and alike < OTHER_NAME:
        return Verdict("different", "same e-mail, another name and LinkedIn profile", alike)
    if shared:
        return Verdict("same", f"same {_label(shared[0])}", alike or 0)
    if alike is None:
        return Verdict("unsure", "a name is missing")
    employer = a.company is b.company or same_company(a.company, b.company).outcome == "same"
    if alike < SAME_NAME or not employer:
        why = "same name, no common employer" if alike >= SAME_NAME else f"names are {alike} of 100 alike"
        return Verdict("different", why, alike)
    apart = next((kind for kind in ("linkedin", "email") if _differ(mine, other, kind)), None)
    return _by_job(a, b, apart, alike)


def named_among(person: Contact, people: Iterable[Contact]) -> Contact | None:
    """Who of the people at one employer is meant: by a common key, else the only one of the name (`SAME_NAME`) whose
    profile is no other. None in doubt."""
    mine = contact_keys(person)
    judged = [(same_person(person, one), one) for one in people]
    known = [one for verdict, one in judged if verdict.outcome == "same"]
    fits = known or [
        one
        for verdict, one in judged
        if verdict.outcome == "unsure"
        and verdict.likeness >= SAME_NAME
        and not _differ(mine, contact_keys(one), "linkedin")
    ]
    return fits[0] if len(fits) == 1 else None


def _by_job(a: Contact, b: Contact, apart: str | None, alike: int) -> Verdict:
    """What the work says of two of one name at one employer."""
    if apart:
        return Verdict("unsure", f"same name and employer, another {_label(apart)}", alike)
    job = a.title and b.title and titles.likeness(a.title, b.title) >= SAME_TITLE
    if alike == 100 and job and a.state and (a.state, a.city) == (b.state, b.city):
        return Verdict("same", "same name, employer, title and place", alike)
    return Verdict("unsure", "same name and employer, no common key", alike)


def _another_firm(a: Company, b: Company, left: str | None, right: str | None, alike: int) -> bool:
    """A subsidiary has the domain and often the EIN of its parent, and another name in another town."""
    if not (left and right and a.city and b.city) or alike >= OTHER_NAME or fuzz.token_set_ratio(left, right) == 100:
        return False
    if _initials(left) == right or _initials(right) == left:
        return False
    return (places.city_key(a.city), a.state) != (places.city_key(b.city), b.state) or _two_streets(a, b)


def _initials(name: str) -> str:
    """`international business machines` -> `ibm`."""
    return "".join(word[0] for word in name.split())


def _by_name(left: str, right: str, alike: int) -> Verdict | None:
    """What two clean names say when they are not one name."""
    if _NUMBER.findall(left) != _NUMBER.findall(right):
        # Local 12 and Local 13 differ by one letter and are two unions.
        return Verdict("different", "names differ in a number", alike)
    if alike >= SAME_NAME:
        return None
    # "Acme" may be short for "Acme Tool and Die": all words of one are in the other.
    near = alike >= OTHER_NAME or fuzz.token_set_ratio(left, right) == 100
    return Verdict("unsure" if near else "different", f"names are {alike} of 100 alike", alike)


def _by_place(a: Company, b: Company, alike: int, *, bare: bool) -> Verdict:
    """What the place says of two companies of one name, or nearly one; `bare`: neither has a key to tell it by."""
    if not (a.state and b.state and a.city and b.city):
        return Verdict("unsure", "same name, place unknown", alike)
    if a.state != b.state:
        return Verdict("unsure", "same name, another state", alike)
    if places.city_key(a.city) != places.city_key(b.city):
        return Verdict("unsure", "same name and state, another city", alike)
    if alike == 100 and (bare or not _two_streets(a, b)):
        return Verdict("same", "same name and place", alike)
    # Johnson Electric and Johnston Electric of one town may be two; not in one house, or with one telephone.
    if common := _in_common(a, b):
        return Verdict("same", f"near names, same {common}", alike)
    return Verdict("unsure", f"same place, names are {alike} of 100 alike", alike)


def _two_streets(a: Company, b: Company) -> bool:
    """Whether both stand at a house number, and not at the same: a post office box says nothing."""
    left, right = fold(a.street or ""), fold(b.street or "")
    return left[:1].isdigit() and right[:1].isdigit() and left.split()[:2] != right.split()[:2]


def _in_common(a: Company, b: Company) -> str | None:
    if a.phone and a.phone == b.phone:
        return "phone"
    if a.linkedin_url and a.linkedin_url == b.linkedin_url:
        return "LinkedIn page"
    return "street" if a.street and b.street and fold(a.street) == fold(b.street) else None


def _people_alike(a: Contact, b: Contact) -> int | None:
    if not (a.first_name and a.last_name and b.first_name and b.last_name):
        return None
    left, right = (fold(f"{one.first_name} {one.last_name}") for one in (a, b))
    return round(fuzz.token_sort_ratio(left, right))


def _equal(mine: object, other: object, kind: str) -> bool:
    return getattr(mine, kind) is not None and getattr(mine, kind) == getattr(other, kind)


def _differ(mine: object, other: object, kind: str) -> bool:
    left, right = getattr(mine, kind), getattr(other, kind)
    return left is not None and right is not None and left != right


def _label(kind: str) -> str:
    return _LABELS.get(kind, kind)
