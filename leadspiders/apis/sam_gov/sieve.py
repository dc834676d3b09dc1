"""What of the register a campaign takes, decided on bare fields, before anything is made of a record.

The same rule holds for a question to the API and for a file that has everybody in it. What is left out is counted by
reason and handed on in bundles: nobody needs 900,000 items to refuse them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from leadspiders.apis.sam_gov.company import Registration, marketing_use
from leadspiders.items.company import MarketingUse
from leadspiders.items.left_out import LeftOut
from leadspiders.rules import industries, places

LEFT_AT_ONCE = 5_000  # about 50 ms of reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Empty: all. `states` are two-letter codes, `countries` are spelled out, `naics` what `prefixes` makes.

    A record whose country is not known passes; one without a state or an industry does not where these are asked for,
    as the API would not find it either.
    """

    status: Literal["A", "E", ""] = ""
    states: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    naics: tuple[str, ...] = ()
    unknown_use: Literal["keep", "refuse"] = "keep"

    def reason(
        self, *, status: str | None, state: str | None, country: str | None, naics: str | None, use: MarketingUse
    ) -> str | None:
        """Why a record is left out, by a short name; None: it is taken."""
        if self.status and (status or "")[:1].upper() != self.status:
            return "registration-status"
        if self.countries and country and country_named(country) not in self.countries:
            return "outside-countries"
        if self.states and state not in self.states:
            return "outside-states"
        if self.naics and not (naics and belongs(naics, self.naics)):
            return "outside-industries" if naics else "industry-unknown"
        return self._unusable(use)

    def _unusable(self, use: MarketingUse) -> str | None:
        if use == "no":
            return "marketing-use-not-allowed"
        return "marketing-use-unknown" if use == "unknown" and self.unknown_use == "refuse" else None

    def judge(self, found: Registration) -> str | None:
        """The same of a registration."""
        use = marketing_use(found.evs_source, hidden=found.hidden)
        return self.reason(status=found.status, state=found.state, country=found.country, naics=found.naics, use=use)


@dataclass(slots=True)
class Bundle:
    """Gathers what is left out."""

    _reasons: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def add(self, reason: str) -> LeftOut | None:
        """Count one; returns the bundle when it is full."""
        self._reasons[reason] += 1
        self._number += 1
        return self.taken() if self._number == LEFT_AT_ONCE else None

    def taken(self) -> LeftOut | None:
        """What was gathered so far, if anything."""
        reasons, self._reasons, self._number = self._reasons, Counter(), 0
        return LeftOut(reasons=reasons) if reasons else None


def prefixes(codes: Iterable[str]) -> tuple[str, ...]:
    """First digits of NAICS codes, joined sectors spelled out (`31-33` -> `31`, `32`, `33`), none inside another."""
    found: set[str] = set()
    for code in codes:
        first, _, last = code.partition("-")
        found.update(map(str, range(int(first), int(last) + 1)) if last else [first])
    return tuple(sorted(code for code in found if not any(code[:length] in found for length in range(2, len(code)))))


@lru_cache(maxsize=16_384)
def belongs(code: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a code, or the code of NAICS 2022 that took its place, starts with one of these."""
    return code.startswith(beginnings) or (industries.naics(code) or "").startswith(beginnings)


@lru_cache(maxsize=1024)
def country_named(code: str) -> str | None:
    """The usual name of a country, from its three letters."""
    return places.country(code)
