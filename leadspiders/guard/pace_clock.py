"""Redis' clock as one worker sees it, between two bounds that each answer narrows.

Redis told its time somewhere between question and answer. A process that was held up reads the answer late: taken for
news of that moment it would make every call late by as much, unnoticed.
"""

from typing import Final

from leadspiders.rules.pace import SECOND

DRIFT: Final = 0.0005
"""How far two clocks may part in a second: what NTP corrects at most."""


class Clock:
    """All local times are seconds of the event loop, all of Redis' whole microseconds."""

    def __init__(self) -> None:
        self._least = float("-inf")
        self._most = float("inf")
        self._heard_at = 0.0
        self.trip = 0.0
        """Seconds that the last question took."""

    def heard(self, asked: float, answered: float, told: int) -> None:
        """Redis said `told` to a question."""
        self.trip = answered - asked
        least, most = told / SECOND - answered, told / SECOND - asked
        parted = (answered - self._heard_at) * DRIFT
        self._heard_at = answered
        self._least, self._most = max(self._least - parted, least), min(self._most + parted, most)
        if self._least > self._most:  # one of the two was set anew
            self._least, self._most = least, most

    def surely_at(self, moment: int) -> float:
        """From then on it is `moment` at Redis, or later."""
        return moment / SECOND - self._least

    def perhaps_at(self, moment: int) -> float:
        """Until then it cannot be later than `moment` at Redis."""
        return moment / SECOND - self._most
