"""What was sold, and whether it was sold before: the judge of "the same fact is never bought twice"."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Charges:
    """Credits by API, and how often each fact was charged (`person 66f1...`), over the life of the state directory."""

    credits: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Counter[str]] = field(default_factory=dict)
    changes: int = 0

    def charge(self, api: str, facts: Iterable[str], credits_each: int = 1) -> int:
        """Charge some facts; a repeat costs the same again. Returns the credits taken."""
        sold = self.facts.setdefault(api, Counter())
        taken = 0
        for fact in facts:
            sold[fact] += 1
            taken += credits_each
        self.credits[api] += taken
        self.changes += 1
        return taken

    def charged_twice(self, api: str) -> int:
        """Charges beyond the first of each fact."""
        return sum(count - 1 for count in self.facts.get(api, {}).values())

    def clear(self) -> None:
        """Forget every charge."""
        self.credits.clear()
        self.facts.clear()
        self.changes += 1
