"""Postgres goes away in the middle of a COPY, at a COMMIT, for a moment or for good."""

import signal

from leadspiders.stores.embedded.postgres import FOLDER as POSTGRES
from tests.faults.judge import judge
from tests.faults.proxy import Trap
from tests.faults.test_killed_workers import WRITER
from tests.faults.town import Town, until


def test_a_crash_in_mid_copy_or_at_a_commit_and_a_line_that_breaks_there_lose_nothing(town: Town) -> None:
    traps = [
        Trap((WRITER, b""), lambda: crash(town)),
        Trap((WRITER, b"COMMIT"), lambda: crash(town), nth=2),
        Trap((WRITER, b"COMMIT"), nth=3, answer=True),  # committed, and the worker does not know
    ]
    worker = town.start(database=traps)
    ended = worker.wait()
    assert [trap.sprung.is_set() for trap in traps[:2]] == [True, True]
    if ended:
        town.finish()  # back within the worker's patience or not: nothing is lost either way
    else:
        assert traps[2].sprung.is_set()
    verdict = judge(town)
    assert verdict.holds(), verdict


def test_a_worker_that_has_lost_postgres_stops_and_parks_nothing(town: Town) -> None:
    trap = Trap((WRITER, b""), nth=2)
    worker = town.start(database=[trap])
    trap.strike = lambda: town.strike(POSTGRES, signal.SIGQUIT)
    until(lambda: "store-away" in worker.log.read_text())
    town.urls()  # replies that were paid for are held on to until they can be written
    assert worker.wait() == 1
    town.finish()
    verdict = judge(town)
    assert verdict.holds(), verdict
    assert verdict.counted - verdict.charged <= verdict.unknown  # what is in doubt counts as spent


def crash(town: Town) -> None:
    """The immediate shutdown: no session ends in order, and the next start recovers from the log."""
    town.strike(POSTGRES, signal.SIGQUIT)
    town.urls()
