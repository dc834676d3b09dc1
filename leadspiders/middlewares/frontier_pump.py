"""Carries requests between a worker and Redis in the background, so that Scrapy never waits for a round trip.

The less there is to do at once the longer a trip may wait for more, up to 10 ms; an idle worker looks for work four
times a second. While Redis is away everything is kept here, and told when it is back.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from redis.exceptions import RedisError
from scrapy import Request

from leadspiders.guard.pace_books import LOOK_SECONDS
from leadspiders.guard.pacing import Pacer
from leadspiders.middlewares.frontier_appetite import Appetite
from leadspiders.middlewares.frontier_bell import Bell
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.middlewares.frontier_leases import Lease, Leases
from leadspiders.middlewares.frontier_pace import Promises
from leadspiders.middlewares.promise import paced
from leadspiders.stores.redis.frontier import Dead, Exchange, Frontier, payload_of

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.01
EARLY_SECONDS = 1.0
"""A request whose own time comes later than this goes back to the queue until then."""
HURRY_SECONDS = 0.001
POLL_SECONDS = 0.25
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 1.0
FAREWELL_SECONDS = 5.0
"""How long a worker that ends tries to tell a Redis that is away; its leases run out by themselves."""
KEPT_SECONDS = 24 * 3600
"""How long what was seen in a finished run stays, for workers that come late."""


class Pump:
    """One a worker.

    `decode` makes a request of a payload, `bury` notes requests that were given up, `count` adds to a stat. `pacer`
    says when requests to APIs may be begun, of which `at_once` are under way at the same time.
    """

    def __init__(
        self,
        frontier: Frontier,
        leases: Leases,
        engine: EngineView,
        *,
        decode: Callable[[bytes], Request],
        bury: Callable[[Sequence[Dead]], Awaitable[None]],
        pacer: Callable[[], Pacer],
        at_once: int,
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
        self._promises = Promises(leases, pacer, most=at_once, say=log.error)
        self._count = count
        self._appetite = Appetite(prefetch)
        self._lease_seconds = lease_seconds
        self._beat_seconds = beat_seconds
        self._loop = asyncio.get_running_loop()
        self._ready: int | None = None
        self._held = 0
        self._sequence = 0
        self._buried: list[Dead] = []
        self._next_beat = 0.0
        self._away = self._closing = False
        self._bell = Bell()
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
        now = self._loop.time()
        self._promises.check(now)
        request = self._leases.next(now)
        left = len(self._leases.buffer)
        if request is None and self._promises.wanting():
            self.ring(HURRY_SECONDS)
        elif request is None and not self._leases.waiting():
            self._appetite.more()
            self.ring(HURRY_SECONDS if self._ready else POLL_SECONDS)
        elif request is None and left and self._leases.buffer[0].until <= now:
            self._next_beat = 0.0  # their time is over: ask whose they are
            self.ring(HURRY_SECONDS)
        elif request is not None and self._ready and self._appetite.half_used(left):
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
        self._bell.ring(seconds)

    async def finish(self) -> None:
        """Tell the last, give back what was not begun, and stop."""
        self._closing = True
        self.sweep()
        await self._promises.return_slots(self._leases.waiting())
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
                last = self._closing and not self._leases.untold  # this trip is for the counts
                try:
                    await self._trip()
                    wait = FIRST_WAIT_SECONDS
                except (RedisError, OSError) as error:
                    last = False
                    self._lost_sight(error)
                    await self._pace()
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
        await self._pace()
        self._plan(got)
        if got.buried or self._buried:
            self._buried += got.buried
            await self._note_buried()

    def _wanted(self, now: float) -> int:
        if self._closing or self._promises.closing:
            return 0
        wanted = self._appetite.wanted(len(self._leases.buffer), now)
        return 0 if self._promises.next_at(now) else wanted

    def _accept(self, got: Exchange, until: float) -> None:
        for held, stored in got.leased:
            try:
                request = self._decode(payload_of(stored))
            except Exception as error:  # noqa: BLE001  whatever lies there, it must not stop the worker
                self._leases.refuse(held, f"unreadable: {error}")
            else:
                lease = Lease(held, request, until, at=None if paced(request) else 0.0)
                self._leases.buffer.append(lease)
                early = request.meta.get("not_before", 0.0) - time.time()
                if early > EARLY_SECONDS:
                    self._leases.put_back([lease], early)
        if got.leased:
            self._appetite.filled(self._loop.time())
            self._tally("dequeued", len(got.leased))

    async def _pace(self) -> None:
        """Have moments promised to what is held; nobody else waits for what this worker may not begin soon."""
        if self._closing:
            return
        promised = await self._promises.ask(self._loop.time())
        if await self._promises.thin_out(self._loop.time()):
            self._appetite.least()
        if reason := self._promises.closing:
            self._engine.close(reason)
        elif promised:
            self._loop.call_at(self._promises.next_at(self._loop.time()) or 0.0, self._engine.wake)

    def _plan(self, got: Exchange) -> None:
        if got.sequence < self._sequence:
            log.error("Redis has lost the queue of this run: start a worker with the same run_id, which asks again")
            self._engine.close("frontier-lost")
        self._ready, self._held, self._sequence = got.ready, got.held, got.sequence
        if got.leased or not self.pending:
            self._engine.wake()
        if self._leases.untold or self._closing:
            self.hurry()
        elif at := self._promises.next_at(self._loop.time()):
            self.ring(min(at - self._loop.time(), LOOK_SECONDS))
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
