"""What one worker knows of the books of the shared pace, and what it tells of them: the news between workers.

A provider that says "too fast", or whose limit turned out another, makes promises void. Every word from Redis carries
the generation of its book; a promise of an older one is asked for anew.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from redis.exceptions import RedisError

from leadspiders.apis.http import Usage
from leadspiders.guard.pace_clock import Clock
from leadspiders.rules import pace as rules
from leadspiders.rules.pace import SECOND, Window
from leadspiders.stores.redis.pace import Promised, SharedPace, Slot, place

LOOK_SECONDS: Final = 1.0
"""A worker whose calls all wait asks for news this often."""
TELL_SECONDS: Final = 0.25
"""Ordinary news of a book goes to Redis this often at most; a limit that changed, at once."""


@dataclass(frozen=True, slots=True)
class Start:
    """One call may be made from `at` to `until` of the event loop's clock; without a slot, this worker promised it."""

    at: float
    until: float
    credential: str
    slot: Slot | None
    generation: int


@dataclass(slots=True)
class Book:
    """One credential's calls to one group."""

    windows: tuple[Window, ...] = ()
    generation: int = 0
    heard_at: float = 0.0
    told_at: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    alone: rules.Book = field(default_factory=rules.Book)


class Books:
    """One a worker. `windows` gives the limits of an API's group, as far as they are known without the provider."""

    def __init__(
        self, shared: SharedPace, base_urls: Mapping[str, str], windows: Callable[[str, str], tuple[Window, ...]]
    ) -> None:
        self._shared = shared
        self._base_urls = base_urls
        self._windows = windows
        self._books: defaultdict[tuple[str, str], Book] = defaultdict(Book)
        self.clock = Clock()

    def of(self, api: str, name: str) -> Book:
        """The book `<scope>|<group>`."""
        return self._books[api, name]

    def heard(self, api: str, got: Promised, asked: float) -> list[Start]:
        """What Redis promised, on this worker's clock; the question was put at `asked`."""
        self.clock.heard(asked, asyncio.get_running_loop().time(), got.now)
        self.of(api, got.book).windows = got.windows
        self._note(api, got.book, got.generation)
        return [
            Start(self.clock.surely_at(one.at), self._until(one, got.windows), got.credential, one, got.generation)
            for one in got.slots
        ]

    def late(self, api: str, slot: Slot) -> bool:
        """Whether the moment of a promise has gone by."""
        return asyncio.get_running_loop().time() > self._until(slot, self.of(api, slot.book).windows)

    def void(self, api: str, start: Start) -> bool:
        """Whether a promise has to be asked for anew, as far as this worker has heard."""
        return start.slot is not None and self.of(api, start.slot.book).generation != start.generation

    async def listen(self, api: str, start: Start) -> None:
        """Hear the news of the book of a call that waits, unless somebody has just done so."""
        if start.slot:
            book = self.of(api, start.slot.book)
            if asyncio.get_running_loop().time() - book.heard_at >= LOOK_SECONDS:
                await self.tell(api, start.slot.book)

    async def told(self, api: str, slot: Slot, usage: Sequence[Usage]) -> None:
        """A reply told of its limits: a stated limit replaces ours, and what others used is not left for us."""
        book, now = self.of(api, slot.book), asyncio.get_running_loop().time()
        known = {(window.micros, window.calls) for window in book.windows if not window.gap}
        changed = any(one.limit and (one.seconds * SECOND, one.limit) not in known for one in usage)
        if changed or now - book.told_at >= TELL_SECONDS or any(one.left == 0 for one in usage):
            book.told_at = now
            await self.tell(api, slot.book, usage, slot=slot.at)
            if changed:
                stated = {one.seconds * SECOND: one.limit for one in usage if one.limit}
                kept = [window for window in book.windows if window.gap or window.micros not in stated]
                aligned = {window.micros for window in book.windows if window.aligned}
                now_known = (Window(calls, micros, micros in aligned) for micros, calls in stated.items())
                book.windows = (*kept, *now_known)

    async def tell(
        self, api: str, name: str, usage: Sequence[Usage] = (), *, slot: int = 0, hold: float | None = None
    ) -> None:
        """Tell Redis what a reply said of a book, or nothing, and hear of its generation."""
        windows = self._windows(api, name.rpartition("|")[2])
        with suppress(RedisError, OSError):
            where = place(api, self._base_urls.get(api))
            self._note(api, name, await self._shared.tell(where, name, windows, usage, slot=slot, hold=hold))

    async def wait(self, api: str, start: Start) -> bool:
        """Sleep until a call's time; False when its promise became void meanwhile."""
        loop = asyncio.get_running_loop()
        while (left := start.at - loop.time()) > 0:
            if start.slot and left > LOOK_SECONDS:
                await self.listen(api, start)
            if self.void(api, start):
                return False
            if not start.slot:
                await asyncio.sleep(left)
                continue
            with suppress(TimeoutError):
                news = self.of(api, start.slot.book).news
                await asyncio.wait_for(news.wait(), min(start.at - loop.time(), LOOK_SECONDS))
        return not self.void(api, start)

    def _until(self, slot: Slot, windows: tuple[Window, ...]) -> float:
        return self.clock.perhaps_at(rules.latest(windows, slot.at, slot.slack))

    def _note(self, api: str, name: str, generation: int) -> None:
        book = self.of(api, name)
        book.heard_at = asyncio.get_running_loop().time()
        if generation != book.generation:
            book.generation = generation
            book.news.set()
            book.news = asyncio.Event()
