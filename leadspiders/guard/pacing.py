"""Who may call which API when, as one worker asks it: of Redis for all workers, or of itself while Redis is away.

A call is promised a moment and waits for it once. One that was held up until its moment had gone by, in a busy process
or on the way to the socket, asks for another instead of being sent late.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from time import time
from typing import Final

from redis.exceptions import RedisError

from leadspiders.apis.http import Limit, Usage
from leadspiders.apis.registry import APIS
from leadspiders.errors import ApiError, RateLimited, Unpaced, Unreachable
from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pace_books import Books, Start
from leadspiders.guard.pace_ring import closing, ring_of, shut
from leadspiders.rules import pace as rules
from leadspiders.rules.pace import SECOND, Window, gap, share, slack_after, windows_of
from leadspiders.stores.redis.pace import Closed, SharedPace, Slot, place

LONGEST_WAIT_SECONDS: Final = 300.0
"""A call that would wait longer is not made: stages hand on their leads without it, and a source closes."""
LONGEST_TRIP_SECONDS: Final = 1.0
ALONE_SECONDS: Final = 1.0
"""So late a call may be that this worker promised itself: its share is no more than a guess."""


class Pacer:
    """One a worker. `base_urls` tells a stand-in from the real service, `limits` replaces what the APIs declare,
    `at_once` is the number of calls that stages make to one group at the same time, `count` adds to a stat.
    """

    def __init__(
        self,
        shared: SharedPace,
        keyring: Keyring,
        base_urls: Mapping[str, str],
        *,
        limits: Mapping[tuple[str, str], Sequence[Limit]] | None = None,
        at_once: int = 8,
        count: Callable[[str, int], None] = lambda _name, _by: None,
    ) -> None:
        self._shared = shared
        self._base_urls = base_urls
        self._limits = dict(limits or {})
        self._count = count
        self._gaps: dict[tuple[str, str], tuple[Window, ...]] = {}
        self._rings = {name: ring_of(name, keyring) for name in APIS}
        self._books = Books(shared, base_urls, self._windows)
        self._places: defaultdict[tuple[str, str], asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(at_once))
        self._workers = 0

    def ease(self, api: str, group: str, seconds: float) -> None:
        """Keep a pause between two calls of a group, besides its limits: the campaign's, over all workers."""
        self._gaps[api, group] = gap(seconds)

    def limit(self, api: str, group: str, calls: int, seconds: int) -> None:
        """Replace one window that the API declares, unless the installation has set limits of its own."""
        if (api, group) not in self._limits:
            others = [one for one in APIS[api].limits if (one.group, one.seconds) != (group, seconds)]
            mine = Limit(group=group, calls=calls, seconds=seconds)
            self._limits[api, group] = [*(one for one in others if one.group == group), mine]

    @asynccontextmanager
    async def turn(self, api: str, group: str, *, paid: bool) -> AsyncIterator[Start]:
        """Wait for the moment at which one call may be made, and make it inside.

        Raises `QuotaUsedUp`, `CredentialRefused` or `RateLimited` where it would have to wait too long, and `Unpaced`
        for a paid call when Redis is away: nothing is sent then.
        """
        async with self._places[api, group]:
            start = await self._wait(api, group, paid=paid)
            try:
                yield start
            except Unreachable:  # nothing was sent
                await self.give_back(api, group, [start])
                raise

    async def starts(
        self, api: str, group: str, number: int, *, paid: bool, back: Sequence[Slot] = (), missed: int = 0
    ) -> list[Start]:
        """When so many calls may be made, which take their turns elsewhere; raises as `turn`. `missed` says how often
        their moments went by."""
        asked = asyncio.get_running_loop().time()
        try:
            got = await self._shared.reserve(
                place(api, self._base_urls.get(api)),
                group,
                self._rings[api],
                self._windows(api, group),
                number=number,
                paid=paid,
                back=back,
                lead=self._lead() if missed else 0,
                slack=slack_after(missed - 1) if missed else 0,
            )
        except (RedisError, OSError) as error:
            if paid:
                self._count("pace/refused/redis_away", 1)
                raise Unpaced(f"Redis is away ({error}): nothing that costs is asked of {api}") from error
            return self._alone(api, group, number)
        if isinstance(got, Closed):
            self._count("pace/refused/closed", number)
            raise shut(api, got)
        self._count("pace/promised", number)
        self._workers = got.workers
        return self._books.heard(api, got, asked)

    def late(self, api: str, slot: Slot) -> bool:
        """Whether the moment of a promise has gone by: a call that is sent now could be one too many."""
        return self._books.late(api, slot)

    async def renewed(self, api: str, group: str, slot: Slot, *, paid: bool) -> Start:
        """Wait for another moment in place of one that has gone by; raises as `turn`."""
        self._count("pace/asked_anew", 1)
        return await self._wait(api, group, paid=paid, back=[slot], missed=1)

    async def give_back(self, api: str, group: str, starts: Sequence[Start]) -> None:
        """Calls that are not made after all."""
        if slots := [start.slot for start in starts if start.slot]:
            with suppress(RedisError, OSError):
                await self._shared.give_back(
                    place(api, self._base_urls.get(api)), group, self._windows(api, group), slots
                )

    async def unsent(self, api: str, group: str, slot: Slot) -> None:
        """A call that was begun on a promise, and never left."""
        with suppress(RedisError, OSError):
            await self._shared.give_back(place(api, self._base_urls.get(api)), group, self._windows(api, group), [slot])

    def void(self, api: str, start: Start) -> bool:
        """Whether a promise has to be asked for anew, as far as this worker has heard."""
        return self._books.void(api, start)

    async def listen(self, api: str, start: Start) -> None:
        """Hear the news of a call that waits, unless somebody has just done so."""
        await self._books.listen(api, start)

    async def told(self, api: str, slot: Slot | None, usage: Sequence[Usage]) -> None:
        """A reply told of its limits."""
        if slot and usage:
            await self._books.told(api, slot, usage)

    async def too_fast(self, api: str, group: str, slot: Slot | None, seconds: float | None) -> None:
        """The provider wants to be left alone, by all workers."""
        self._count("pace/held_back", 1)
        hold = 0.0 if seconds is None else min(seconds, LONGEST_WAIT_SECONDS)
        if slot:
            await self._books.tell(api, slot.book, hold=hold)
        alone = self._books.of(api, f"|{group}").alone
        alone.held_until = max(alone.held_until, round((time() + hold) * SECOND))

    async def close(self, api: str, group: str, credential: str, error: ApiError, *, paid: bool) -> bool:
        """A credential is refused or used up: close it for all, some seconds at least. True when another is open."""
        key = next((key for key in self._rings[api] if key.id == credential), self._rings[api][0])
        windows = self._windows(api, group)
        name, until, reason = closing(key, group, error, windows, datetime.now(UTC), paid=paid)
        self._count("pace/closed", 1)
        try:
            await self._shared.close(place(api, self._base_urls.get(api)), name, until, reason)
            back = await self.starts(api, group, 1, paid=paid)
        except (RedisError, OSError, ApiError):
            return False
        await self.give_back(api, group, back)
        return bool(back[0].slot) and back[0].credential != key.id

    async def aclose(self) -> None:
        """Close the line to Redis."""
        await self._shared.aclose()

    async def _wait(self, api: str, group: str, *, paid: bool, back: Sequence[Slot] = (), missed: int = 0) -> Start:
        loop = asyncio.get_running_loop()
        while True:
            (start,) = await self.starts(api, group, 1, paid=paid, back=back, missed=missed)
            back = [start.slot] if start.slot else []
            try:
                self._refuse_long(api, start.at - loop.time())
                kept = await self._books.wait(api, start)
                late = loop.time() > start.until
                if kept and not late:
                    return start
                missed = missed + 1 if late else 0
            except BaseException:
                await asyncio.shield(self.give_back(api, group, [start]))
                raise
            self._count("pace/asked_anew", 1)

    def _lead(self) -> int:
        return max(1, round(min(2 * self._books.clock.trip, LONGEST_TRIP_SECONDS) * SECOND))

    def _refuse_long(self, api: str, wait: float) -> None:
        if wait > LONGEST_WAIT_SECONDS:
            self._count("pace/refused/too_long", 1)
            raise RateLimited(f"{api} has no room for another {wait:.0f} s: not asked", retry_after=wait)
        if wait > 0:
            self._count("pace/waited", 1)

    def _alone(self, api: str, group: str, number: int) -> list[Start]:
        self._count("pace/alone", number)
        book = self._books.of(api, f"|{group}").alone
        windows = share(self._windows(api, group), self._workers)
        now, loop = round(time() * SECOND), asyncio.get_running_loop().time()
        moments = [loop + (rules.reserve(book, windows, now) - now) / SECOND for _ in range(number)]
        return [Start(at, at + ALONE_SECONDS, self._rings[api][0].id, None, 0) for at in moments]

    def _windows(self, api: str, group: str) -> tuple[Window, ...]:
        declared = APIS[api]
        limits: Sequence[Limit] = self._limits.get((api, group), ())
        if not limits:
            keyless = not self._rings[api][0].scope
            limits = (declared.limits_without_key if keyless else ()) or declared.limits
        return (*windows_of(limits, group), *self._gaps.get((api, group), ()))
