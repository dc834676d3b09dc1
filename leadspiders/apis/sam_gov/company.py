"""What SAM.gov registers of an entity, and the `Company` it makes: the same for pages, extracts and monthly files."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from leadspiders.items.company import Company, MarketingUse

# What stands for "nothing": the CSV writes `null`, hidden fields say so in words.
NOTHING = frozenset({"", "null", "NULL", "Currently Not Available"})
ROLES = ("government", "government_alternate", "past_performance", "past_performance_alternate",
         "electronic", "electronic_alternate")  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Registration:
    """The fields of one entity as SAM.gov writes them, before anything is made of them; None: not given.

    `status` is `A`/`E` or `Active`/`Expired`, `start` the date the entity began (year first), `country` has three
    letters, `extras` names what no field of a company holds.
    """

    uei: str | None
    name: str | None
    cage: str | None = None
    url: str | None = None
    naics: str | None = None
    street: str | None = None
    street_2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    start: str | None = None
    evs_source: str | None = None
    status: str | None = None
    hidden: bool = False
    extras: dict[str, Any] = field(default_factory=dict)

    def company(self) -> Company:
        """The company; `domain` is the host of its address, still to be reduced to the registrable one."""
        year = (self.start or "")[:4]
        extras = {name: value for name, value in self.extras.items() if value}
        if self.status:
            extras["registration_status"] = "active" if self.status.upper().startswith("A") else "expired"
        if self.evs_source:
            extras["evs_source"] = self.evs_source
        return Company(
            name=self.name,
            legal_name=self.name,
            uei=self.uei,
            cage=self.cage,
            domain=web_host(self.url),
            website=self.url,
            naics_code=self.naics,
            founded_year=int(year) if year.isdecimal() and year > "1000" else None,
            street=", ".join(line for line in (self.street, self.street_2) if line) or None,
            city=self.city,
            state=self.state,
            postal_code=self.postal_code,
            country=self.country,
            marketing_use=marketing_use(self.evs_source, hidden=self.hidden),
            extras=extras,
        )


def marketing_use(evs_source: str | None, *, hidden: bool = False) -> MarketingUse:
    """Whether the terms of SAM.gov allow outreach.

    Not for rows that D&B validated, nor for entities that opted out of public display; a source that is not named
    leaves it open.
    """
    if hidden or (evs_source or "").upper().replace(" ", "") == "D&B":
        return "no"
    return "yes" if evs_source else "unknown"


def web_host(url: str | None) -> str | None:
    """The host of a web address with or without its scheme, without `www.`; None when it is none."""
    if not url or " " in url or "@" in url:
        return None
    try:
        name = (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.").strip(".")
    except ValueError:
        return None
    return name if "." in name else None


def clean(value: Any) -> str | None:
    """A text without blanks at its ends; None for the ways in which SAM.gov writes nothing."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return None if text in NOTHING else text


def person(role: str, first: str | None, last: str | None, title: str | None) -> dict[str, str] | None:
    """One point of contact; SAM.gov's public data has neither e-mail nor phone."""
    name = " ".join(part for part in (first, last) if part)
    if not name:
        return None
    return {"role": role, "name": name} | ({"title": title} if title else {})
