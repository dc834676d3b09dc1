"""A worker is killed at every point where something could fall between two stores; the others lose nothing by it."""

from hashlib import sha1
from random import Random

import pytest

from leadspiders.stores.redis.claims import _RELEASE
from leadspiders.stores.redis.frontier_scripts import ACK, PUSH
from tests.faults.judge import judge
from tests.faults.proxy import Trap
from tests.faults.town import Town, until

WRITER = b'COPY "contacts"'
Point = tuple[str, tuple[bytes | str, ...], bool, int]
"""Store, what the worker says there (or the script it runs), whether the store still hears it, the how manieth time."""

POINTS: dict[str, Point] = {
    "children on their way to the queue": ("queue", (PUSH,), False, 2),
    "in the middle of the COPY": ("database", (WRITER, b""), False, 1),
    "after the COMMIT, before its answer": ("database", (WRITER, b"COMMIT"), True, 1),
    "between the last record and the ack": ("queue", (ACK,), False, 1),
}
MORE_POINTS: dict[str, Point] = {
    "before the COMMIT": ("database", (WRITER, b"COMMIT"), False, 1),
    "between the COMMIT and the release of the claims": ("queue", (_RELEASE,), False, 1),
    "after the ack, before its answer": ("queue", (ACK,), True, 1),
}
CHARGED: Point = ("database", (b"INSERT INTO paid_replies",), False, 2)
"""The one ambiguous window: the provider has charged, and its answer is in the dead worker."""


def script(text: str) -> bytes:
    """How a worker names a script to Redis."""
    return sha1(text.encode()).hexdigest().encode()


def kill(town: Town, point: Point) -> bool:
    """Start a worker and kill it there. False if the run ended before it came to that."""
    store, said, answer, nth = point
    words = tuple(word if isinstance(word, bytes) else script(word) for word in said)
    trap = Trap(words, answer=answer, nth=nth)
    worker = town.start(**{store: [trap]})
    trap.strike = worker.kill
    until(lambda: trap.sprung.is_set() or not worker.runs)
    worker.wait()
    return trap.sprung.is_set()


def test_a_worker_killed_at_any_point_loses_and_repeats_nothing(town: Town, rounds: int) -> None:
    points = POINTS | MORE_POINTS if rounds else POINTS
    assert kill(town, CHARGED)
    missed = [name for name, point in points.items() if not kill(town, point)]
    assert not missed
    town.finish()
    verdict = judge(town)
    assert verdict.holds(), verdict
    assert verdict.unknown > 0  # the charge whose answer was lost is counted as spent, and never repeated


def test_kills_at_random_moments(town: Town, rounds: int) -> None:
    if not rounds:
        pytest.skip("long form only: --chaos N")
    dice = Random(rounds)
    killed = 0
    for _ in range(rounds):
        town.fresh()
        for _ in range(6):
            store = dice.choice(["queue", "database"])
            killed += kill(town, (store, (b"",), dice.random() < 0.5, dice.randint(1, 120)))
        town.finish()
        verdict = judge(town)
        assert verdict.holds(), verdict
    print(f"\n{killed} kills in {rounds} runs: 0 lost, 0 twins, 0 charged again")
