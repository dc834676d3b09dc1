"""Leaves a service alone that fails, for all workers at once; and lets one call of all workers try whether it is back.

Where Redis is away each worker goes by what it has seen itself, by the same rule.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from redis.exceptions import RedisError

from leadspiders.rules.circuit import LOOK_AGAIN, Admission, Change, Circuit, Pass, Rule
from leadspiders.stores.redis.breaker import Circuits

NEWS_MILLISECONDS = 1_000
"""How old the news of a closed circuit may be: the calls in between cost no trip to Redis."""
AWAY_MILLISECONDS = 5_000
"""How long Redis is not asked after it did not answer."""
TRIP_SECONDS = 1.0
"""How long a call waits for Redis at most."""


@dataclass(slots=True)
class _View:
    """What was heard last of a circuit, until when that holds, how often it changed since this worker looks at it, and
    the calls that went well since Redis was told."""

    verdict: Pass = Pass.FREE
    until: int = 0
    changes: int = 0
    good: int = 0


class Breaker:
    """For the calls of one process. `clock` gives seconds since 1970."""

    def __init__(self, shared: Circuits, rule: Rule, *, clock: Callable[[], float] = time.time) -> None:
        self._shared = shared
        self._clock = clock
        self._own: defaultdict[str, Circuit] = defaultdict(lambda: Circuit(rule))
        self._views: defaultdict[str, _View] = defaultdict(_View)
        self._away_until = 0

    async def admit(self, name: str, token: str, *, goes_on: bool = False) -> Admission:
        """Whether a call to `name` may be made. It `goes_on` when it was the trial already, before a redirect."""
        now, view = self._now(), self._views[name]
        if now < view.until and not goes_on:
            return Admission(view.verdict, 0 if view.verdict is Pass.FREE else view.until - now)
        changes = view.changes
        admission = await self._asked(name, token, now)
        if view.changes != changes:
            return admission  # what was heard meanwhile is newer
        if admission.verdict is Pass.FREE:
            view.verdict, view.until = Pass.FREE, now + NEWS_MILLISECONDS
        else:
            view.verdict, view.until = Pass.WAIT, now + (admission.wait or LOOK_AGAIN)
        return admission

    async def ended(self, name: str, token: str, *, good: bool = False, bad: bool = False) -> Change:
        """How a call ended: a trial tells its token, and tells too when it was `good` nor `bad` but not made."""
        own, view, now = self._own[name], self._views[name], self._now()
        heard = own.ended(token, good=int(good), bad=int(bad), now=now)
        if heard is Change.OPENED:
            view.verdict = Pass.WAIT  # before the trip: a dozen calls may be made meanwhile
            view.changes += 1
        if good and not token:
            view.good += 1
            return heard if self._away(now) else Change.NONE
        if not token and not bad:
            return Change.NONE
        if not self._away(now):
            before, view.good = view.good, 0
            try:
                async with asyncio.timeout(TRIP_SECONDS):
                    heard = await self._shared.ended(name, token, good=int(good) if token else before, bad=int(bad))
            except (RedisError, OSError):
                self._away_until = now + AWAY_MILLISECONDS
        if heard:
            view.changes += 1
            view.verdict = Pass.FREE if heard is Change.CLOSED else Pass.WAIT
        view.until = 0  # the next call asks
        return heard

    def passes(self, name: str) -> bool:
        """Whether calls pass, as far as is known here."""
        return self._views[name].verdict is Pass.FREE

    async def _asked(self, name: str, token: str, now: int) -> Admission:
        own = self._own[name]
        if not self._away(now):
            try:
                async with asyncio.timeout(TRIP_SECONDS):
                    admission = await self._shared.admit(name, token)
            except (RedisError, OSError):
                self._away_until = now + AWAY_MILLISECONDS
            else:
                if admission.verdict is Pass.FREE and own.openings:
                    self._own.pop(name, None)  # another worker has found it well
                return admission
        return own.admit(token, now)

    def _away(self, now: int) -> bool:
        return now < self._away_until

    def _now(self) -> int:
        return round(self._clock() * 1000)
