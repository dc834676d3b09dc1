"""How long a courier gathers, rests, leases and waits: one place, so that a test can be quick."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from leadspiders.pipelines.setback import FIRST_REST_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds: how long leads gather before a courier sets out with less than a full batch; how often it looks whether
    the crawl is being stopped; how long a lease lasts (it is extended while a delivery runs); the first rest after a
    failure; the longest rest when the crawl is over; and how long a call in flight may still take when somebody stops
    the crawl (a sprint kills its crawls after 30).
    """

    gather: float = 1.0
    look: float = 0.5
    lease: float = 300.0
    first_rest: float = FIRST_REST_SECONDS
    longest_rest_at_the_end: float = 30.0
    leave: float = 20.0

    async def rest(self, seconds: float, *, stopping: Callable[[], bool], closing: Callable[[], bool]) -> None:
        """Sleep; not for long once the crawl is over, and no longer when it is being stopped."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while not stopping():
            most = min(seconds, self.longest_rest_at_the_end) if closing() else seconds
            left = since + most - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, self.look))
