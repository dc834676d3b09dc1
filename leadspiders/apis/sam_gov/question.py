"""What is asked of the register, and how a question with too many answers is cut into ones that can be read to the end.

SAM.gov shows 10,000 entities of a question page by page and 1,000,000 in an extract. The cuts leave nothing out: states
one by one and everybody outside them, industries one by one where the question names some, then halves of the time in
which entities were first registered, which each of them has a day of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from leadspiders.rules.industries import codes_below

Days = tuple[date, date]

# The register's forerunner opened in 1998; halves of an emptier time would be questions without an answer.
EARLIEST = date(1900, 1, 1)
BUSY_FROM = date(1998, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Empty: all. Days belong to their ranges, both ends.

    `states` are two-letter codes, with `elsewhere` everything but these; `country` has three letters; `naics` are
    prefixes of primary industries; `updated` and `registered` are the days of the last change and of the first
    registration.
    """

    states: tuple[str, ...] = ()
    elsewhere: bool = False
    country: str = ""
    status: Literal["A", "E", ""] = ""
    naics: tuple[str, ...] = ()
    updated: Days | None = None
    registered: Days | None = None

    def filters(self) -> dict[str, str | list[str]]:
        """The question in SAM.gov's words."""
        found: dict[str, str | list[str]] = {}
        if self.states:
            listed = list(self.states)
            found["physicalAddressProvinceOrStateCode"] = f"![{'~'.join(listed)}]" if self.elsewhere else listed
        if self.country:
            found["physicalAddressCountryCode"] = self.country
        if self.status:
            found["registrationStatus"] = self.status
        if self.naics:
            found["primaryNaics"] = [code for prefix in self.naics for code in codes_below(prefix) or [prefix]]
        if self.updated:
            found["updateDate"] = _written(self.updated)
        if self.registered:
            found["registrationDate"] = _written(self.registered)
        return found

    def __str__(self) -> str:
        """In a few words, for people."""
        places = ("outside " if self.elsewhere else "") + ", ".join(self.states)
        words = [places or self.country or "everywhere", *(f"NAICS {prefix}" for prefix in self.naics)]
        if self.registered:
            words.append(f"registered {self.registered[0]} to {self.registered[1]}")
        return ", ".join(words)

    def parts(self, states: Sequence[str], today: date) -> list["Question"]:
        """The same question as several smaller ones; none when it cannot be cut further.

        `states` are those to ask for one by one where the question names none, in the order in which they matter.
        """
        if not self.states and states:
            return [replace(self, states=(state,)) for state in states] + [
                replace(self, states=tuple(states), elsewhere=True)
            ]
        if len(self.states) > 1 and not self.elsewhere:
            return [replace(self, states=(state,)) for state in self.states]
        if len(self.naics) > 1:
            return [replace(self, naics=(prefix,)) for prefix in self.naics]
        first, last = self.registered or (EARLIEST, today)
        if first >= last:
            return []
        busy = max(first, BUSY_FROM) if last > BUSY_FROM else first
        middle = busy + (last - busy) // 2
        return [
            replace(self, registered=(first, middle)),
            replace(self, registered=(middle + timedelta(days=1), last)),
        ]


def in_order(question: Question, ranked: Sequence[str]) -> list[Question]:
    """The questions to begin with: one a state that is ranked, the best first, and one for all the rest.

    Where nothing is ranked, and for a single state, the question as it is: that takes the fewest requests.
    """
    wanted = [state for state in ranked if not question.states or state in question.states]
    if not wanted or len(question.states) == 1:
        return [question]
    rest = tuple(state for state in question.states if state not in wanted)
    questions = [replace(question, states=(state,)) for state in wanted]
    if rest:
        questions.append(replace(question, states=rest))
    elif not question.states:
        questions.append(replace(question, states=tuple(wanted), elsewhere=True))
    return questions


def _written(days: Days) -> str:
    return f"[{days[0]:%m/%d/%Y},{days[1]:%m/%d/%Y}]"
