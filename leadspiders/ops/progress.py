"""The live view of a run: a picture that redraws itself on a terminal, a line now and then in a log.

The picture is drawn on `update` only, by the caller's thread: no refresh thread has to be stopped, and leaving the
`with` block, by Ctrl-C as well, gives the terminal back with its cursor.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live

from leadspiders.ops.funnel import Delivered, Status
from leadspiders.ops.progress_view import Aim, Moment, Planned, fingerprint, line, picture

LINE_SECONDS = 5.0  # at most one line in five seconds where nobody can redraw


class Progress:
    """Shows how far a run is. Use it as a context manager and call `update` once or twice a second.

    `per_hour`, `cap_usd` and `credit_caps` (by provider) are shown as what the figures are measured against,
    `planned` as what was expected of the run.
    """

    def __init__(
        self,
        goal: int,
        title: str,
        console: Console,
        *,
        per_hour: float | None = None,
        cap_usd: float | None = None,
        credit_caps: Mapping[Any, int] | None = None,
        planned: Planned | None = None,
    ) -> None:
        self.aim = Aim(
            title=title,
            goal=goal,
            per_hour=per_hour,
            cap_usd=cap_usd,
            credits=dict(credit_caps or {}),
            planned=planned,
        )
        self.console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._latest: Moment | None = None
        self._printed: tuple[object, ...] | None = None
        self._printed_at = 0.0

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
        elif self._latest:
            self._print(self._latest)

    def update(self, status: Status, *, delivered: Delivered, elapsed: float) -> None:
        """Show these figures; `elapsed` in seconds since the run began."""
        self._latest = Moment(status=status, delivered=delivered, elapsed=elapsed)
        if self._live:
            self._live.update(picture(self._latest, self.aim, self.console.width), refresh=True)
        elif self._printed is None or elapsed - self._printed_at >= LINE_SECONDS:
            self._print(self._latest)

    def _print(self, moment: Moment) -> None:
        if fingerprint(moment) != self._printed:
            self.console.print(line(moment, self.aim), soft_wrap=True, highlight=False, markup=False)
            self._printed, self._printed_at = fingerprint(moment), moment.elapsed or 0.0
