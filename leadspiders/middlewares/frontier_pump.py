"""Carries requests between a worker and Redis in the background, so that Scrapy never waits for a round trip.

The less there is to do at once the longer a trip may wait for more, up to 10 ms; an idle worker looks for work four
times a second. While Redis is away everything is kept here, and told when it is back.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from redis.exceptions import RedisError
from scrapy import Request

from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.middlewares.frontier_leases import Lease, Leases
from leadspiders.stores.redis.frontier import Dead, Exchange, Frontier, payload_of

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.01
HURRY_SECONDS = 0.001
POLL_SECONDS = 0.25
IDLE_BUFFER_SECONDS = 1.0
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 1.0
FAREWELL_SECONDS = 5.0
"""How long a worker that ends tries to tell a Redis that is away; its leases run out by themselves."""
KEPT_SECONDS = 24 * 3600
"""How long what was seen in a finished run stays, for workers that come late."""


class Pump:
    """One a worker.

    `decode` makes a request of a payload, `bury` notes requests that were given up, `count` adds to a stat.
    """

    def __init__(
        self,
        frontier: Frontier,
        leases: Leases,
        engine: EngineView,
        *,
        decode: Callable[[bytes], Request],
        bury: Callable[[Sequence[Dead]], Awaitable[None]],
        count: Callable[[str, int], None],
        prefetch: int,
        lease_seconds: float,
        beat_seconds: float,
    ) -> None:
        self._frontier = frontier
        self._leases = leases
        self._engine = engine
        self._decode = decode
        self._bury = bury
        self._count = count
        self._most = prefetch
        self._lease_seconds = lease_seconds
        self._beat_seconds = beat_seconds
        self._loop = asyncio.get_running_loop()
        self._target = 1
        self._ready: int | None = None
        self._held = 0
        self._sequence = 0
        self._buried: list[Dead] = []
        self._filled_at = self._next_beat = 0.0
        self._away = self._closing = False
        self._due = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._bell = asyncio.Event()
        self.ring(0)
        self._task = asyncio.ensure_future(self._run())

    @property
    def pending(self) -> bool:
        """Whether anything is left to do, here or at any worker of the run, as far as is known."""
        return self._leases.busy or self._ready is None or self._ready + self._held > 0

    @property
    def away(self) -> bool:
        """Whether Redis did not answer the last time."""
        return self._away

    def next(self) -> Request | None:
        """The next request, if one is here."""
        self.sweep()
        request = self._leases.next(self._loop.time())
        left = len(self._leases.buffer)
        if request is None:
            if self._leases.buffer:
                self._next_beat = 0.0  # their time is over: ask whose they are
            self._target = min(self._most, self._target * 2)
            self.ring(HURRY_SECONDS if self._ready or self._leases.buffer else POLL_SECONDS)
        elif self._ready and left <= self._target // 2:
            self.ring(0)
        return request

    def sweep(self) -> None:
        """Take note of requests that the engine is through with."""
        if self._leases.sweep(self._engine.in_progress()):
            self.hurry()

    def hurry(self) -> None:
        """There is something to tell."""
        self.ring(GATHER_SECONDS if self._leases.buffer else HURRY_SECONDS)

    def ring(self, seconds: float) -> None:
        """Make a trip in so many seconds, or earlier."""
        due = self._loop.time() + seconds
        if self._timer is None or due < self._due:
            if self._timer:
                self._timer.cancel()
            self._due = due
            self._timer = self._loop.call_at(due, self._bell.set)

    async def finish(self) -> None:
        """Tell the last, give back what was not begun, and stop."""
        self._closing = True
        self.sweep()
        self._leases.release()
        self.ring(0)
        await asyncio.wait([self._task], timeout=FAREWELL_SECONDS)
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
            log.warning("Redis is away: what this worker holds goes back to the others when its leases run out")
        if self._buried:
            await self._note_buried()
        if self._ready == self._held == 0:
            with suppress(RedisError, OSError):
                await self._frontier.expire(KEPT_SECONDS)

    async def _run(self) -> None:
        wait, last = FIRST_WAIT_SECONDS, False
        try:
            while not last:
                await self._bell.wait()
                self._bell.clear()
                self._timer = None
                last = self._closing and not self._leases.untold  # this trip is for the counts
                try:
                    await self._trip()
                    wait = FIRST_WAIT_SECONDS
                except (RedisError, OSError) as error:
                    last = False
                    self._lost_sight(error)
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                    self.ring(0)
        except Exception:
            log.exception("The frontier stopped working")
            self._engine.close("frontier-failed")

    async def _trip(self) -> None:
        leases = self._leases
        leases.sweep(self._engine.in_progress())
        push, ended = leases.told()
        ack, nack = leases.nacks(ended)
        begun = self._loop.time()
        extend = leases.held(besides=ended) if begun >= self._next_beat else []
        got = await self._frontier.exchange(push=push, ack=ack, nack=nack, extend=extend, want=self._wanted(begun))
        if self._away:
            self._away = False
            log.info("The frontier is back")
        leases.confirm(len(push), ended)
        until = begun + self._lease_seconds
        if extend:
            leases.extended(extend, until, got.lost)
        if begun >= self._next_beat:
            self._next_beat = begun + self._beat_seconds
        self._tally("enqueued", got.pushed)
        self._tally("filtered", len(push) - got.pushed)
        self._tally("lost", len(got.lost))
        self._accept(got, until)
        self._plan(got)
        if got.buried or self._buried:
            self._buried += got.buried
            await self._note_buried()

    def _wanted(self, now: float) -> int:
        here = len(self._leases.buffer)
        if self._closing:
            return 0
        if here and now - self._filled_at > IDLE_BUFFER_SECONDS:
            self._target = max(1, self._target // 2)  # more than is used soon: others may have it
        return max(0, self._target - here)

    def _accept(self, got: Exchange, until: float) -> None:
        for held, stored in got.leased:
            try:
                request = self._decode(payload_of(stored))
            except Exception as error:  # noqa: BLE001  whatever lies there, it must not stop the worker
                self._leases.refuse(held, f"unreadable: {error}")
            else:
                self._leases.buffer.append(Lease(held, request, until))
        if got.leased:
            self._filled_at = self._loop.time()
            self._tally("dequeued", len(got.leased))

    def _plan(self, got: Exchange) -> None:
        if got.sequence < self._sequence:
            log.error("Redis has lost the queue of this run: start a worker with the same run_id, which asks again")
            self._engine.close("frontier-lost")
        self._ready, self._held, self._sequence = got.ready, got.held, got.sequence
        if got.leased or not self.pending:
            self._engine.wake()
        if self._leases.untold or self._closing:
            self.hurry()
        elif self._leases.buffer:
            self.ring(max(0.0, self._next_beat - self._loop.time()))
        else:
            self.ring(POLL_SECONDS if got.due is None else min(POLL_SECONDS, max(HURRY_SECONDS, got.due)))

    def _lost_sight(self, error: Exception) -> None:
        self._next_beat = 0.0  # ask first of all which leases are still ours
        if not self._away:
            self._away = True
            log.warning("The frontier in Redis is away (%s): this worker waits for it", error)

    def _tally(self, name: str, by: int) -> None:
        if by:
            self._count(f"scheduler/{name}/redis", by)

    async def _note_buried(self) -> None:
        buried, self._buried = self._buried, []
        self._tally("dead", len(buried))
        try:
            await self._bury(buried)
        except Exception as error:  # noqa: BLE001  Postgres is away: they stay dead in Redis
            log.warning("%d requests are dead in Redis, but could not be parked in Postgres: %s", len(buried), error)
