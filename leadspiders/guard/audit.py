"""Writes the audit trail of one process beside the crawl: a request never waits for it, and none is left out.

What was noted is written twice a second. A worker that is killed loses the notes of its last second; one that ends,
however it ends otherwise, writes all it has.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from leadspiders.errors import StoreError
from leadspiders.rules.audit_chain import Entry

log = logging.getLogger(__name__)

BEAT_SECONDS = 0.5
MOST_AT_ONCE = 1_000


class Trail:
    """`write` keeps a batch, and may be called with the same one again after a `StoreError`."""

    def __init__(
        self, write: Callable[[Sequence[Entry]], Awaitable[None]], *, beat_seconds: float = BEAT_SECONDS
    ) -> None:
        self._write = write
        self._beat_seconds = beat_seconds
        self._waiting: list[Entry] = []
        self._batch: list[Entry] = []
        self._lost = 0
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    def note(self, entry: Entry) -> None:
        """Keep it in memory until the next beat."""
        self._waiting.append(entry)
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def finish(self) -> int:
        """Write what is left; returns how many notes could not be written."""
        self._ending.set()
        if self._task:
            await self._task
        return len(self._waiting) + len(self._batch) + self._lost

    async def _run(self) -> None:
        try:
            while self._waiting or self._batch:
                await self._rest()
                try:
                    await self._write_all()
                except StoreError as error:  # the stages notice too; a short outage is none of the trail's
                    if self._ending.is_set():
                        log.error("The audit trail lacks the last requests of this worker: %s", error)  # noqa: TRY400  the message says all
                        return
                except Exception:
                    log.exception("The audit trail cannot take %d requests", len(self._batch))
                    self._lost, self._batch = self._lost + len(self._batch), []
        finally:
            self._task = None

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._ending.wait(), self._beat_seconds)
        except TimeoutError:
            return

    async def _write_all(self) -> None:
        while self._batch or self._waiting:
            if not self._batch:
                self._batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._write(self._batch)
            self._batch = []
