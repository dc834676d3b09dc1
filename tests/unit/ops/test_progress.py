import io

import pytest
from rich.console import Console

from leadspiders.ops.progress import Progress

SHOW_CURSOR = "\x1b[?25h"
HIDE_CURSOR = "\x1b[?25l"


def progress(*, terminal):
    console = Console(width=80, height=40, file=io.StringIO(), force_terminal=terminal)
    return Progress(2000, "Performance marketers", console, per_hour=834), console.file


def test_a_log_gets_a_line_when_something_changed_and_not_too_often(status, delivered):
    view, log = progress(terminal=False)

    with view:
        view.update(status, delivered=delivered, elapsed=0)
        view.update(status | {"seen": 2301}, delivered=delivered, elapsed=2)  # too soon
        view.update(status | {"seen": 2302}, delivered=delivered, elapsed=5)
        view.update(status | {"seen": 2302}, delivered=delivered, elapsed=60)  # nothing new

    rows = log.getvalue().splitlines()
    assert [row.split("  ")[0] for row in rows] == ["0:00:00", "0:00:05"]
    assert "\x1b" not in log.getvalue()


def test_a_log_ends_with_the_last_figures_even_if_it_was_too_soon(status, delivered):
    view, log = progress(terminal=False)

    with view:
        view.update(status, delivered=delivered, elapsed=0)
        view.update(status | {"seen": 2999}, delivered=delivered, elapsed=1)

    assert "seen 2,999" in log.getvalue().splitlines()[-1]


def test_a_run_that_ends_before_its_first_figures_says_nothing():
    view, log = progress(terminal=False)

    with view:
        pass

    assert log.getvalue() == ""


def test_a_terminal_shows_the_figures_and_gets_its_cursor_back_after_ctrl_c(status, delivered):
    view, screen = progress(terminal=True)

    def interrupted():
        with view:
            view.update(status, delivered=delivered, elapsed=1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    written = screen.getvalue()
    assert "2,010" in written
    assert written.rindex(SHOW_CURSOR) > written.rindex(HIDE_CURSOR)
