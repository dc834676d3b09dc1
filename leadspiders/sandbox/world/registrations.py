"""What SAM.gov holds about the employers: one registration each, some twice, and who may use them for what."""

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from leadspiders.sandbox.world import names
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.industries import TRADES
from leadspiders.sandbox.world.names import Name

TODAY = date(2026, 11, 1)
"""The day of the world: fixed, so that one seed gives one truth whenever it is asked."""
_UEI_LETTERS = "".join(sorted(set(string.ascii_uppercase) - set("IO")))  # no I and no O, as on the real ones


@dataclass(slots=True, eq=False, frozen=True)
class Registration:
    """One SAM record. `evs_source` is `E&Y` or `D&B`, of which the second may not be used for marketing; `evs_shown` is
    what the JSON pages say of it (None for most of D&B); `registered` is False for the few that only have an id;
    `twin_of` is the UEI of the company's first record.
    """

    company: Company
    uei: str
    cage: str
    eft: str | None
    legal_name: str
    dba: str | None
    url: str | None
    evs_source: str
    evs_shown: str | None
    active: bool
    registered_on: date
    updated_on: date
    activated_on: date
    expires_on: date
    naics: tuple[str, ...]
    psc: tuple[str, ...]
    structure: str
    business_types: tuple[str, ...]
    excluded: bool
    contact: Name
    contact_title: str
    registered: bool = True
    twin_of: str | None = None


def registrations(rng: random.Random, companies: Sequence[Company]) -> list[Registration]:
    """One record per company, then the extra ones: the same UEI with an EFT indicator, or the same company under
    another UEI with its name written otherwise; 2 % and 2 %.
    """
    stream = names.stream(rng)
    found = [_register(rng, company, next(stream)) for company in companies]
    extra = rng.sample(found, k=round(len(found) * 0.04))
    for at, first in enumerate(extra):
        if at % 2:
            # One UEI may have several records: same entity, another bank account.
            found.append(replace(first, eft=f"{at % 9 + 1:04d}", cage=_cage(rng), twin_of=first.uei))
        else:
            name = first.legal_name.upper().replace(",", "").replace(".", "")
            found.append(replace(first, uei=_uei(rng), cage=_cage(rng), legal_name=name, eft=None, twin_of=first.uei))
    for at, bare in enumerate(rng.sample(found, k=round(len(found) * 0.01))):
        if bare.twin_of is None:
            found.append(
                replace(bare, uei=_uei(rng), legal_name=f"Unregistered Venture {at + 1} LLC", registered=False)
            )
    rng.shuffle(found)
    return found


def _register(rng: random.Random, company: Company, contact: Name) -> Registration:
    active = rng.random() >= 0.05
    expires = TODAY + timedelta(days=rng.randrange(5, 360) if active else -rng.randrange(5, 170))
    updated = expires - timedelta(days=rng.randrange(300, 365))
    restricted = rng.random() < 0.2
    form = company.legal_name.upper()
    nonprofit = company.trade.naics[:2] in ("61", "81") and rng.random() < 0.5
    structure = "8H" if nonprofit else "2L"
    types = ["A8" if nonprofit else "2X"]
    types += ["LJ"] if form.endswith(("LLC", "L.L.C.")) else []
    types += ["MF"] if company.trade.naics[0] == "3" else []
    types += [kind for kind in ("A2", "23", "A5", "27") if rng.random() < 0.08]
    others = rng.sample([trade.naics for trade in TRADES if trade is not company.trade], k=rng.randrange(3))
    return Registration(
        company=company,
        uei=_uei(rng),
        cage=_cage(rng),
        eft=None,
        legal_name=company.legal_name.upper() if rng.random() < 0.8 else company.legal_name,
        dba=company.name if rng.random() < 0.1 else None,
        url=_url(rng, company.domain),
        evs_source="D&B" if restricted else "E&Y",
        evs_shown=rng.choice(("D&B", None, None)) if restricted else "E&Y",
        active=active,
        registered_on=date(rng.randrange(2005, 2024), rng.randrange(1, 13), rng.randrange(1, 29)),
        updated_on=updated,
        activated_on=updated + timedelta(days=1),
        expires_on=expires,
        naics=(company.trade.naics, *others),
        psc=tuple(rng.sample(("R499", "J065", "S201", "7A20", "Z1DA"), k=rng.randrange(3))),
        structure=structure,
        business_types=tuple(types),
        excluded=rng.random() < 0.01,
        contact=contact,
        contact_title=rng.choice(("President", "Controller", "Contracts Manager", "Owner", "CFO")),
    )


def _url(rng: random.Random, domain: str) -> str | None:
    if rng.random() < 0.04:
        return None
    written = rng.choice(("www.{}", "http://www.{}", "https://{}/", "{}")).format(domain)
    return written.upper() if rng.random() < 0.2 else written


def _uei(rng: random.Random) -> str:
    return rng.choice(_UEI_LETTERS) + "".join(rng.choices(_UEI_LETTERS + string.digits, k=11))


def _cage(rng: random.Random) -> str:
    return f"{rng.randrange(1, 10)}{''.join(rng.choices(_UEI_LETTERS + string.digits, k=3))}{rng.randrange(10)}"
