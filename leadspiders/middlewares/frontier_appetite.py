"""How many requests a worker takes out of the queue at a time: as many as it uses within a second, to leave the rest to
the others."""

IDLE_BUFFER_SECONDS = 1.0


class Appetite:
    """Doubles when nothing is left, up to `most`; halves when what was taken lies about."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._target = 1
        self._filled_at = 0.0

    def more(self) -> None:
        """All that was taken is used up."""
        self._target = min(self._most, self._target * 2)

    def least(self) -> None:
        """One at a time: what was taken has to wait."""
        self._target = 1

    def filled(self, now: float) -> None:
        """Requests were taken."""
        self._filled_at = now

    def half_used(self, left: int) -> bool:
        """Whether it is time to take more."""
        return left <= self._target // 2

    def wanted(self, here: int, now: float) -> int:
        """How many to take."""
        if here and now - self._filled_at > IDLE_BUFFER_SECONDS:
            self._target = max(1, self._target // 2)  # more than is used soon: others may have it
        return max(0, self._target - here)
