"""The companies of the world: where marketers work, and the employers that SAM.gov registers."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from leadspiders.sandbox.world import names
from leadspiders.sandbox.world.industries import TRADES, TRADES_BY_CODE, Trade
from leadspiders.sandbox.world.places import Place, phone, somewhere, street

# Company type of campaign A | NAICS | Apollo's industry | keywords | last words of names
_MARKETING_KINDS = """
e-commerce|455110|internet|e-commerce,online retail,shopping|Shop,Cart,Market
saas|513210|computer software|saas,software as a service,b2b|Cloud,Labs,Soft
agency|541810|marketing & advertising|digital agency,media buying,performance marketing|Media,Agency,Collective
direct-to-consumer|455110|consumer goods|d2c,direct-to-consumer,dtc brand|Goods,Wear,Provisions
retail|455110|retail|retail,stores,omnichannel|Stores,Outfitters,Retail
technology|541511|information technology & services|technology,cloud,platform|Tech,Systems,Networks
"""
_FORMS = ("Inc.", "LLC", "Corp.", "Co.", "Ltd.", "L.L.C.", "")
EDGES = (49, 50, 1200, 1201)
"""Staff counts at both ends of B's range: out, in, in, out."""


@dataclass(slots=True, eq=False)
class Company:
    """One company. `kind` is A's company type, blank for employers; `known_employees` is what Apollo knows of
    `employees`, None when it does not; `listed` says whether Apollo knows the company at all; `mailboxes` are the
    addresses given out below `domain`.
    """

    id: str
    name: str
    legal_name: str
    domain: str
    trade: Trade
    industry: str
    keywords: tuple[str, ...]
    kind: str
    place: Place
    street: str
    postal_code: str
    phone: str
    employees: int
    known_employees: int | None
    founded: int
    listed: bool = True
    mailboxes: set[str] = field(default_factory=set, repr=False)

    @property
    def in_size_range(self) -> bool:
        """Whether B wants it: 50 to 1,200 staff."""
        return 50 <= self.employees <= 1200

    @property
    def linkedin_url(self) -> str:
        """The company's page."""
        return "http://www.linkedin.com/company/" + "-".join(names.ascii_words(self.name))

    @property
    def revenue(self) -> int:
        """Dollars a year, from the head count."""
        return self.employees * 165_000


def marketing(rng: random.Random, taken: set[str]) -> Iterator[Company]:
    """Companies where performance marketers work, without end: 11 to 20,000 staff, six kinds in turn."""
    kinds = [line.split("|") for line in _MARKETING_KINDS.strip().splitlines()]
    while True:
        for kind, naics, industry, keywords, words in kinds:
            trade = TRADES_BY_CODE[naics]
            staff = _staff(rng, 11, 20_000)
            yield _company(
                rng,
                taken,
                trade=trade,
                industry=industry,
                keywords=tuple(keywords.split(",")),
                kind=kind,
                words=words.split(","),
                metro_share=0.6,
                staff=staff,
            )


def employers(rng: random.Random, taken: set[str]) -> Iterator[Company]:
    """Employers of every trade and state, without end: 10 to 5,000 staff, the edges of B's range first."""
    count = 0
    while True:
        trade = rng.choice(TRADES)
        staff = EDGES[count] if count < len(EDGES) else _staff(rng, 10, 5000)
        company = _company(
            rng,
            taken,
            trade=trade,
            industry=trade.industry,
            keywords=(trade.title.lower(),),
            kind="",
            words=list(trade.words),
            metro_share=0.25,
            staff=staff,
        )
        if count >= len(EDGES):
            company.listed = rng.random() >= 0.04
            company.known_employees = None if rng.random() < 0.03 else staff
        count += 1
        yield company


def _staff(rng: random.Random, low: int, high: int) -> int:
    """Small ones are common and big ones rare: evenly spread over the logarithm."""
    return round(math.exp(rng.uniform(math.log(low), math.log(high))))


def _company(
    rng: random.Random,
    taken: set[str],
    *,
    trade: Trade,
    industry: str,
    keywords: tuple[str, ...],
    kind: str,
    words: list[str],
    metro_share: float,
    staff: int,
) -> Company:
    place = somewhere(rng, metro_share)
    name, label = _fresh_name(rng, taken, words, place)
    form = rng.choice(_FORMS)
    return Company(
        id=f"{rng.getrandbits(96):024x}",
        name=name,
        legal_name=f"{name}{',' if form and rng.random() < 0.4 else ''} {form}".strip(),
        domain=f"{label}.example.com",
        trade=trade,
        industry=industry,
        keywords=keywords,
        kind=kind,
        place=place,
        street=street(rng),
        postal_code=f"{place.zip_prefix}{rng.randrange(1, 99):02d}",
        phone=phone(rng, place),
        employees=staff,
        known_employees=staff,
        founded=rng.randrange(1900, 2024),
    )


def _fresh_name(rng: random.Random, taken: set[str], words: list[str], place: Place) -> tuple[str, str]:
    """A name and the label of its domain that no other company has."""
    while True:
        first = rng.choice(names.LAST)
        middle = rng.choice(("", "", "", f" {place.city}", " & Sons", " North", " Bright", " Blue", " Summit"))
        name = f"{first}{middle} {rng.choice(words)}"
        label = "".join(names.ascii_words(name))
        if label not in taken:
            taken.add(label)
            return name, label
