"""The worker's side of the frontier while Redis goes away, comes back, and comes back empty."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from scrapy import Request

from leadspiders.guard.pacing import Pacer
from leadspiders.middlewares.frontier_leases import Leases
from leadspiders.middlewares.frontier_pump import Pump
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.frontier import Dead, Frontier, Message

NAMES = ("a", "b", "c")


@dataclass
class Engine:
    """Scrapy's side: what it works on, and why it was told to stop."""

    working: set[Request] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def in_progress(self) -> set[Request]:
        return self.working

    def wake(self) -> None: ...

    def close(self, reason: str) -> None:
        self.closed.append(reason)


class Line:
    """A line to Redis that can be cut."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._host, self._port = str(place.hostname), place.port
        self._writers: list[StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def join(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        assert self._server
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        near, far = await asyncio.open_connection(self._host, self._port)
        self._writers += [writer, far]
        await asyncio.gather(_carry(reader, far), _carry(near, writer))


async def _carry(source: StreamReader, to: StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(65536):
            to.write(chunk)
    to.close()


@dataclass
class Worker:
    """A pump, and all around it."""

    pump: Pump
    leases: Leases
    engine: Engine
    line: Line
    direct: Frontier
    redis: Redis
    run: str

    async def take(self) -> Request:
        """The next request, in work."""
        found: list[Request] = []

        def there() -> bool:
            found.extend(filter(None, [self.pump.next()]))
            return bool(found)

        await until(there)
        self.engine.working.add(found[0])
        return found[0]

    async def finish_all(self) -> None:
        """Whatever it has."""

        def done() -> bool:
            if request := self.pump.next():
                self.engine.working.add(request)
                self.done(request)
            return not self.leases.busy

        await until(done)

    def done(self, request: Request) -> None:
        lease = self.leases.of(request)
        assert lease
        lease.answered = True
        self.engine.working.discard(request)
        self.pump.sweep()


@asynccontextmanager
async def a_worker(urls: Urls) -> AsyncIterator[Worker]:
    line, engine, leases, run = Line(urls.redis_url), Engine(), Leases(0.01), uuid4().hex
    await line.join()
    place = urlsplit(urls.redis_url)
    through = place._replace(netloc=place.netloc.replace(f":{place.port}", f":{line.port}")).geturl()
    async with (
        Redis.from_url(urls.redis_url) as redis,
        Redis.from_url(through, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as cut,
    ):
        direct = Frontier(redis, run_id=run, spider="test", worker="direct")
        await direct.exchange(push=[_message(name) for name in NAMES])

        async def bury(buried: Sequence[Dead]) -> None:
            raise AssertionError(f"{buried} were buried")

        pump = Pump(
            Frontier(cut, run_id=run, spider="test", worker="worker"),
            leases,
            engine,  # type: ignore[arg-type]
            decode=lambda payload: Request(f"https://example.com/{payload.decode()}"),
            bury=bury,
            pacer=no_pacer,
            at_once=8,
            count=lambda name, by: None,
            prefetch=2,
            lease_seconds=60,
            beat_seconds=20,
        )
        try:
            yield Worker(pump, leases, engine, line, direct, redis, run)
        finally:
            if not line._writers:
                await line.join()
            await pump.finish()
            line.cut()
            if keys := await redis.keys(f"{{leads:{run}}}:*"):
                await redis.delete(*keys)


def no_pacer() -> Pacer:
    raise AssertionError("none of these requests goes to an API")


def _message(name: str) -> Message:
    return Message(id=name.encode() * 16, payload=name.encode())


def within(urls: Urls, work: Callable[[Worker], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(30), a_worker(urls) as worker:
            await work(worker)

    asyncio.run(main())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  what changes is in Redis
        await asyncio.sleep(0.005)


def test_what_ended_while_redis_was_away_is_told_when_it_is_back(urls: Urls) -> None:
    async def work(worker: Worker) -> None:
        first = await worker.take()
        worker.line.cut()
        worker.done(first)
        worker.leases.enqueue(_message("d"))
        worker.pump.hurry()
        await until(lambda: worker.pump.away)
        assert worker.pump.pending
        assert worker.leases.untold
        await worker.line.join()
        urls_seen = [first.url]
        for _ in range(3):
            request = await worker.take()
            urls_seen.append(request.url)
            worker.done(request)
        await until(lambda: not worker.pump.pending)
        assert sorted(urls_seen) == [f"https://example.com/{name}" for name in "abcd"]
        counts = await worker.direct.exchange()
        assert (counts.ready, counts.held) == (0, 0)
        assert not worker.engine.closed

    within(urls, work)


def test_the_run_is_pending_while_another_worker_has_work_that_may_come_back(urls: Urls) -> None:
    async def work(worker: Worker) -> None:
        others = await worker.direct.exchange(push=[_message(name) for name in "defghijk"], want=99)
        await worker.finish_all()
        assert others.leased
        assert worker.pump.pending
        await worker.direct.exchange(ack=[held for held, _ in others.leased])
        await until(lambda: not worker.pump.pending)

    within(urls, work)


def test_a_worker_whose_queue_was_lost_with_redis_says_so_and_ends(urls: Urls) -> None:
    async def work(worker: Worker) -> None:
        worker.done(await worker.take())
        await worker.redis.delete(*await worker.redis.keys(f"{{leads:{worker.run}}}:*"))
        worker.pump.hurry()
        await until(lambda: bool(worker.engine.closed))
        assert worker.engine.closed[0] == "frontier-lost"

    within(urls, work)


def test_a_worker_that_ends_gives_back_what_it_did_not_begin(urls: Urls) -> None:
    async def work(worker: Worker) -> None:
        request = await worker.take()
        await until(lambda: bool(worker.leases.buffer))
        worker.done(request)
        await worker.pump.finish()
        counts = await worker.direct.exchange(want=9)
        assert len(counts.leased) == 2

    within(urls, work)
