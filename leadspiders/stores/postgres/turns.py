"""Lets several batches be written at once, as long as they have nothing in common.

Two that meet (a company of both, a person, a block of near names) would wait for each other within Postgres, fail on
each other's keys, or overlook that they mean the same. So what has something in common with a batch that is on its way
waits until that one is durable; the rest of its batch need not.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

Keys = Collection[object]
"""What others may have too: hashes, identifiers, ids."""


class _Turn(NamedTuple):
    keys: set[object]
    over: asyncio.Event


class Turns:
    """The batches that are being written or wait for that, in the order in which they came."""

    def __init__(self) -> None:
        self._turns: list[_Turn] = []

    def split(self, records: Sequence[Keys]) -> tuple[list[int], list[int]]:
        """The places of the records that may be written now, and of those that must wait."""
        taken = set().union(*(turn.keys for turn in self._turns))
        now: list[int] = []
        later: list[int] = []
        for place, keys in enumerate(records):
            (now if taken.isdisjoint(keys) else later).append(place)
        return now, later

    @asynccontextmanager
    async def turn(self, records: Sequence[Keys]) -> AsyncIterator[None]:
        """Begins once all that came before and has one of these keys is over."""
        mine = _Turn(set().union(*records), asyncio.Event())
        before = [turn.over for turn in self._turns if not turn.keys.isdisjoint(mine.keys)]
        self._turns.append(mine)
        try:
            for over in before:
                await over.wait()
            yield
        finally:
            self._turns.remove(mine)
            mine.over.set()
