"""A worker that was stopped past its lease and goes on afterwards: two had the same page, and it counts once."""

from leadspiders.stores.redis.frontier_scripts import ACK
from tests.faults.judge import judge
from tests.faults.proxy import Trap
from tests.faults.test_killed_workers import WRITER, script
from tests.faults.town import Town, until


def test_a_worker_that_slept_past_its_lease_does_no_harm(town: Town) -> None:
    writing = Trap((WRITER, b"COMMIT"), answer=True)
    acking = Trap((script(ACK),))
    traps = [writing, acking]
    sleepers = [town.start(database=[writing]), town.start(queue=[acking])]
    for trap, worker in zip(traps, sleepers, strict=True):
        trap.strike = worker.freeze
    until(lambda: writing.sprung.is_set() or acking.sprung.is_set())
    # The second may be held up by what the first has locked, and give up before it comes to its point.
    until(lambda: all(trap.sprung.is_set() or not worker.runs for trap, worker in zip(traps, sleepers, strict=True)))
    # Ends only when the others' leases ran out and their pages were read again. What they have locked in Postgres is
    # free after some seconds more, and a worker that did not wait so long is replaced.
    town.finish(tries=3)
    before = judge(town)
    for worker in sleepers:
        if worker.runs:
            worker.thaw()
    for worker in sleepers:
        worker.wait()
    verdict = judge(town)
    assert before.holds(), before
    assert verdict.holds(), verdict
