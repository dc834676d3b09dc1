"""When a service that fails is left alone, and when it is tried again: a circuit that is closed, open or half open.

Closed, calls pass and are counted. Too many failures open it: nothing passes until a rest is over. Then a single call,
of all workers, is let through as a trial, which closes it or opens it again for twice as long.

The same rule runs inside Redis (`stores.redis.breaker`) for all workers together; a test holds one against the other.
This one is for a worker that has lost Redis. Times are milliseconds of any one clock.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PARTS: Final = 10
"""A window slides by a tenth of itself."""
LOOK_AGAIN: Final = 1_000
"""How long those wait who come while another call is the trial; it takes a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`share` of at least `calls` calls within `window` failed, or `in_a_row` one after the other, open it.

    `rest` is the first rest, doubled each time up to `longest_rest`; a trial that does not end counts for `trial`.
    """

    share: float
    calls: int
    window: int
    in_a_row: int
    rest: int
    longest_rest: int
    trial: int

    def rest_after(self, openings: int) -> int:
        """The rest after so many openings without a call that went well."""
        return min(self.rest << min(openings - 1, 30), self.longest_rest)


class Pass(StrEnum):
    """What a call is told at the door."""

    FREE = "free"
    TRIAL = "trial"
    WAIT = "wait"


class Change(StrEnum):
    """What the end of a call did to the circuit."""

    NONE = ""
    OPENED = "opened"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Admission:
    """What a call is told, and for how long it holds: until the next look when it has to `WAIT`."""

    verdict: Pass
    wait: int = 0


@dataclass(slots=True)
class Circuit:
    """One circuit; `openings` is 0 while it is closed."""

    rule: Rule
    openings: int = 0
    until: int = 0
    trial: str = ""
    trial_until: int = 0
    row: int = 0
    good: dict[int, int] = field(default_factory=dict)
    bad: dict[int, int] = field(default_factory=dict)

    def admit(self, token: str, now: int) -> Admission:
        """Whether a call may pass; `token` is its own, and comes again with what the call leads to, a redirect."""
        if not self.openings:
            return Admission(Pass.FREE)
        if self.trial and now < self.trial_until:
            if token == self.trial:
                return Admission(Pass.TRIAL)
            return Admission(Pass.WAIT, min(self.trial_until - now, LOOK_AGAIN))
        if now < self.until:
            return Admission(Pass.WAIT, self.until - now)
        self.trial, self.trial_until = token, now + self.rule.trial
        return Admission(Pass.TRIAL)

    def ended(self, token: str, *, good: int, bad: int, now: int) -> Change:
        """So many calls went well, and after them so many failed; a trial tells of itself alone, by its token.

        While it is open nobody else is heard: those calls were made before.
        """
        if self.openings:
            if not token or token != self.trial:
                return Change.NONE
            if bad:
                self._open(now)
                return Change.REOPENED
            if good:
                self._close()
                return Change.CLOSED
            self.trial, self.trial_until = "", 0  # it was never made
            return Change.NONE
        self._count(good, bad, now)
        if bad and (self.row >= self.rule.in_a_row or self._failing()):
            self._open(now)
            return Change.OPENED
        return Change.NONE

    def _count(self, good: int, bad: int, now: int) -> None:
        part = now * PARTS // self.rule.window
        for counts, number in ((self.good, good), (self.bad, bad)):
            for old in [one for one in counts if one <= part - PARTS]:
                del counts[old]
            if number:
                counts[part] = counts.get(part, 0) + number
        self.row = bad + (0 if good else self.row)

    def _failing(self) -> bool:
        failed = sum(self.bad.values())
        calls = failed + sum(self.good.values())
        return calls >= self.rule.calls and failed >= self.rule.share * calls

    def _open(self, now: int) -> None:
        self.openings += 1
        self.until = now + self.rule.rest_after(self.openings)
        self.trial, self.trial_until = "", 0

    def _close(self) -> None:
        self.openings = self.until = self.trial_until = self.row = 0
        self.trial = ""
        self.good.clear()
        self.bad.clear()
