"""What would raise a score, and by how much: each thing that is still unknown, tried out by itself.

Nothing is estimated: the lead is copied, the one thing is filled in, and the rules score the copy.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeVar

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.weights import Variant
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.fit import fit
from leadspiders.rules.quality import email_state, quality
from leadspiders.rules.readiness import missing_for_ready
from leadspiders.rules.titles import closest

Name = TypeVar("Name", bound=str)

_REQUIRED: dict[str, tuple[str, Any]] = {
    "full_name": ("the full name", "Dana Field"),
    "linkedin_url": ("the LinkedIn URL", "https://www.linkedin.com/in/dana-field"),
    "city": ("the city", "Dayton"),
    "state": ("the state", "OH"),
}
_COMPANY: dict[str, tuple[str, Any]] = {
    "website": ("the company's website", "https://example.com"),
    "industry": ("the company's industry in words", "machinery"),
    "phone": ("a phone number, address or LinkedIn page of the company", "+16145550134"),
}


class Raise(NamedTuple):
    """`points` more of that score with `what`. Not `sure`: so many at the most, it depends on the answer."""

    score: Literal["quality", "fit"]
    points: int
    what: str
    sure: bool


class _Trial(NamedTuple):
    what: str
    company: Company
    contact: Contact | None
    sure: bool = True


def raises(
    company: Company, contact: Contact | None, campaign: Campaign, variant: str, titles: Collection[str] = ()
) -> list[Raise]:
    """What would raise the two scores, the most first. `titles` are those of the people found at the company."""
    found: list[Raise] = []
    if contact:
        known = quality(contact, campaign)[0]
        scored = ((trial, quality(trial.contact or contact, campaign)[0]) for trial in _of_quality(contact, campaign))
        found += [Raise("quality", score - known, trial.what, trial.sure) for trial, score in scored if score > known]
    weights = campaign.scoring.variants[variant]
    known = fit(company, contact, campaign, variant)[0]
    trials = _of_fit(company, contact, campaign, weights, titles)
    scored = ((trial, fit(trial.company, trial.contact, campaign, variant)[0]) for trial in trials)
    found += [Raise("fit", score - known, trial.what, trial.sure) for trial, score in scored if score > known]
    return sorted(found, key=lambda one: (-one.points, one.what))


def _of_quality(contact: Contact, campaign: Campaign) -> Iterator[_Trial]:
    company = contact.company
    for name in missing_for_ready(contact):
        if name in _REQUIRED:
            what, value = _REQUIRED[name]
            sure = name not in {"city", "state"} or not campaign.target.metros
            yield _Trial(what, company, replace(contact, **{name: value}), sure)
    if email_state(contact) != "valid":
        what = (
            "a verified e-mail address" if email_state(contact) in {None, "invalid"} else "the e-mail address verified"
        )
        flags = [flag for flag in contact.flags if not flag.startswith("email-")]
        yield _Trial(what, company, replace(contact, email="dana@example.com", email_status="valid", flags=flags))
    for name, (what, value) in _COMPANY.items():
        if getattr(company, name) is None:
            yield _Trial(what, company, replace(contact, company=replace(company, **{name: value})))
    if company.employees is None and company.employee_min is None:
        yield _Trial("the company's size", company, replace(contact, company=replace(company, employees=100)))


def _of_fit(
    company: Company, contact: Contact | None, campaign: Campaign, weights: Variant, titles: Collection[str]
) -> Iterator[_Trial]:
    if weights.industry and not (company.naics_code or company.industry or company.company_type):
        best = _best(weights.industry.naics), _best(weights.industry.words)
        code, word = best
        if code and (not word or weights.industry.naics[code] >= weights.industry.words[word]):
            yield _Trial("the industry known", replace(company, naics_code=code), contact, sure=False)
        elif word:
            yield _Trial("the industry known", replace(company, company_type=word), contact, sure=False)
    if weights.size and company.employees is None:
        known = replace(
            company, employees=_likeliest(company, weights.size.sweet_spot.min, weights.size.sweet_spot.max)
        )
        yield _Trial("the number of staff known", known, contact, sure=False)
    if weights.decision_makers:
        more = replace(company, decision_makers=company.decision_makers + 1)
        yield _Trial(_next_title(campaign, titles), more, contact)
    if weights.seniority and contact and not contact.seniority and (level := _best(weights.seniority.levels)):
        yield _Trial("the person's level known", company, replace(contact, seniority=level), sure=False)
    if weights.place and not any(one and (one.metro or one.state or one.country) for one in (company, contact)):
        metro, state = _best(weights.place.metros), _best(weights.place.states)
        yield _Trial("the place known", replace(company, metro=metro, state=state), contact, sure=False)


def _likeliest(company: Company, least: int, most: int) -> int:
    """A head count in the sweet spot, within the range that is known."""
    low, high = company.employee_min or 0, company.employee_max or 10_000_000
    return min(max(least, low), max(high, low)) if low <= most else low


def _best(worths: Mapping[Name, int]) -> Name | None:
    return max(worths, key=lambda name: worths[name], default=None)


def _next_title(campaign: Campaign, titles: Collection[str]) -> str:
    """The first wanted title that nobody found has yet."""
    wanted, near = campaign.target.titles, campaign.scoring.quality.title_similarity
    held = {best[0] for title in titles if (best := closest(title, wanted)) and best[1] >= near}
    title = next((one for one in wanted if one not in held), wanted[0] if wanted else "decision maker")
    return f"{'an' if title[0].lower() in 'aeio' else 'a'} {title}" + (" more" if title in held else "")
