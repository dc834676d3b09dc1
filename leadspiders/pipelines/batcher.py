"""Gathers what single items ask for into one bulk call: a page of a hundred leads is one query, not a hundred.

Scrapy runs a stage once an item, side by side for the items of a response. Each awaits the same batcher, which calls
`work` when enough have gathered or the oldest has waited `linger` seconds, and gives each waiter its own result.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from leadspiders.stores.postgres.pool import once_more

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Batcher(Generic[Question, Answer]):
    """`work` takes up to `size` questions and returns as many answers, in order; an answer that is an exception is
    raised for its waiter alone, an exception that `work` raises for all of the batch. It is asked once more when its
    line to Postgres was cut: what it did not commit it may do again. At most `lanes` run at a time,
    and `full_lanes` more if they are full; while all are busy the next batch fills."""

    def __init__(
        self,
        work: Callable[[list[Question]], Awaitable[Sequence[Answer | BaseException]]],
        *,
        size: int,
        linger: float = 0.02,
        lanes: int = 1,
        full_lanes: int = 0,
    ) -> None:
        self._work = work
        self._size = size
        self._linger = linger
        self._free_lanes = lanes + full_lanes
        self._full_lanes = full_lanes
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running: set[asyncio.Task[None]] = set()

    def ask(self, question: Question) -> "asyncio.Future[Answer]":
        """The answer to one question, in the next batch."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, future))
        if len(self._waiting) >= self._size:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._linger, self._flush)
        return future

    def _flush(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._waiting and self._free_lanes > (0 if len(self._waiting) >= self._size else self._full_lanes):
            batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            self._free_lanes -= 1
            task = asyncio.ensure_future(self._run(batch))
            self._running.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free_lanes += 1
        if self._waiting:
            self._flush()

    async def _run(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        answers: Sequence[Answer | BaseException]
        try:
            questions = [question for question, _ in batch]
            answers = await once_more(lambda: self._work(questions))
        except Exception as error:  # noqa: BLE001  each waiter is told; none may hang
            answers = [error] * len(batch)
        if len(answers) != len(batch):
            answers = [RuntimeError(f"{len(answers)} answers to {len(batch)} questions")] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue  # the waiter was cancelled
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
