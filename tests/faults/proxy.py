"""A line between a worker and a store that is cut at a chosen word: the fault strikes at the same point each time."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CHUNK = 1 << 16


@dataclass(eq=False)
class Trap:
    """Springs when a worker has said all of `words` one after the other on one connection, for the `nth` time.

    Then `strike` is called, and the line is cut: before the last word reaches the store, or, if the trap waits for the
    `answer`, after the store has done it and before the worker hears of it.
    """

    words: tuple[bytes, ...]
    strike: Callable[[], None] = lambda: None
    nth: int = 1
    answer: bool = False
    sprung: threading.Event = field(default_factory=threading.Event)
    _times: int = 0

    def hears(self, said: "Said", data: bytes) -> bool:
        """Whether this was the last word."""
        if self.sprung.is_set() or self.words[said.place(self)] not in data:
            return False
        said.places[self] = (said.place(self) + 1) % len(self.words)
        if said.places[self] == 0:
            self._times += 1
        return said.places[self] == 0 and self._times == self.nth


@dataclass(eq=False)
class Said:
    """How far each trap has got on one connection."""

    places: dict[Trap, int] = field(default_factory=dict)

    def place(self, trap: Trap) -> int:
        """The number of words that were heard."""
        return self.places.get(trap, 0)


@dataclass(eq=False)
class Line:
    """One proxy: everything that is said on `port` goes on to `target()`; `traps` listen to what the worker says."""

    target: Callable[[], int]
    traps: list[Trap] = field(default_factory=list)
    port: int = 0
    chunks: int = 0

    async def serve(self) -> asyncio.Server:
        """Listen on a free port."""
        server = await asyncio.start_server(self._carry, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _carry(self, worker: asyncio.StreamReader, to_worker: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            store, to_store = await asyncio.open_connection(HOST, self.target())
            answers = asyncio.ensure_future(_pass(store, to_worker))
            try:
                await self._listen(worker, store, to_store, answers)
            finally:
                answers.cancel()
                to_store.transport.abort()
        to_worker.transport.abort()

    async def _listen(
        self,
        worker: asyncio.StreamReader,
        store: asyncio.StreamReader,
        to_store: asyncio.StreamWriter,
        answers: "asyncio.Task[None]",
    ) -> None:
        said = Said()
        while data := await worker.read(CHUNK):
            self.chunks += 1
            for trap in self.traps:
                if trap.hears(said, data):
                    if trap.answer:
                        await _hush(answers)
                        to_store.write(data)
                        await to_store.drain()
                        await store.read(CHUNK)  # it is done once the store answers, which nobody hears
                    trap.sprung.set()
                    trap.strike()
                    return
            if answers.done():
                return
            to_store.write(data)
            await to_store.drain()


async def _hush(answers: "asyncio.Task[None]") -> None:
    """Let no answer reach the worker any more."""
    answers.cancel()
    await asyncio.wait({answers})


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


class Exchange:
    """Where lines are opened: a loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="lines", daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []

    def open(self, target: Callable[[], int], *traps: Trap) -> Line:
        """A line to the port that `target` names at each new connection."""
        line = Line(target, list(traps))
        self._servers.append(asyncio.run_coroutine_threadsafe(line.serve(), self._loop).result())
        return line

    def close(self) -> None:
        """Cut everything."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def lines() -> Iterator[Exchange]:
    """An exchange that is closed at the end of the block."""
    exchange = Exchange()
    try:
        yield exchange
    finally:
        exchange.close()
