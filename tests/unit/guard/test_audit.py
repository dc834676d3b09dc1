import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from leadspiders.errors import StoreError
from leadspiders.guard.audit import MOST_AT_ONCE, Trail
from leadspiders.rules.audit_chain import Entry

ENTRY = Entry(
    at=datetime(2026, 1, 1, tzinfo=UTC),
    run_id="run",
    campaign="spring",
    spider="apollo",
    worker="host:1",
    api="apollo",
    purpose="people-search",
    method="POST",
    url="https://api.apollo.io/x",
    status=200,
    error=None,
    bytes=10,
    milliseconds=20,
    credential="apollo-1",
)

FOR_EVER = 1_000_000


def written(*, number: int, failures: int = 0) -> tuple[list[list[int]], int]:
    """The batches of a trail of so many notes, whose store is away so many times, and what was lost."""
    batches: list[list[int]] = []
    left, mended = failures, asyncio.Event()

    async def write(entries: Sequence[Entry]) -> None:
        nonlocal left
        batches.append([entry.milliseconds for entry in entries])
        if left:
            left -= 1
            if not left:
                mended.set()
            raise StoreError("away")

    async def main() -> int:
        trail = Trail(write, beat_seconds=0.001)
        for place in range(number):
            trail.note(replace(ENTRY, milliseconds=place))
        if 0 < failures < FOR_EVER:
            await mended.wait()
        return await trail.finish()

    return batches, asyncio.run(main())


def test_nothing_is_written_for_nothing() -> None:
    assert written(number=0) == ([], 0)


def test_all_is_written_in_order_when_it_ends() -> None:
    batches, lost = written(number=MOST_AT_ONCE + 5)
    assert [len(batch) for batch in batches] == [MOST_AT_ONCE, 5]
    assert [place for batch in batches for place in batch] == list(range(MOST_AT_ONCE + 5))
    assert lost == 0


def test_the_same_batch_is_written_again_after_an_outage() -> None:
    batches, lost = written(number=3, failures=2)
    assert (batches, lost) == ([[0, 1, 2]] * 3, 0)


def test_what_cannot_be_written_at_the_end_is_told() -> None:
    assert written(number=3, failures=FOR_EVER)[1] == 3


def test_a_batch_that_cannot_be_written_at_all_does_not_hold_up_the_others() -> None:
    kept: list[int] = []

    async def write(batch: Sequence[Entry]) -> None:
        if any(entry.milliseconds == 0 for entry in batch):
            raise ValueError("out of range")
        kept.extend(entry.milliseconds for entry in batch)

    async def main() -> int:
        trail = Trail(write, beat_seconds=0.001)
        for place in range(MOST_AT_ONCE + 3):
            trail.note(replace(ENTRY, milliseconds=place))
        return await trail.finish()

    assert asyncio.run(main()) == MOST_AT_ONCE
    assert kept == [MOST_AT_ONCE, MOST_AT_ONCE + 1, MOST_AT_ONCE + 2]
