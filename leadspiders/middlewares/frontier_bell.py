"""When the pump makes its next trip: at the earliest moment that anybody asked for."""

import asyncio


class Bell:
    """Rings once for all who asked."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._rung = asyncio.Event()

    def ring(self, seconds: float) -> None:
        """Ring in so many seconds, or earlier."""
        due = self._loop.time() + seconds
        if self._timer is None or due < self._due:
            if self._timer:
                self._timer.cancel()
            self._due = due
            self._timer = self._loop.call_at(due, self._rung.set)

    async def wait(self) -> None:
        """Wait until it rings."""
        await self._rung.wait()
        self._rung.clear()
        self._timer = None
