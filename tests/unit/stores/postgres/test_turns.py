import asyncio

import pytest

from leadspiders.stores.postgres.turns import Turns

A, B, C = [{"a"}], [{"b"}], [{"c"}]


def order_of(*batches):
    """Enter and leave the turns of these batches, each as soon as it may; returns what happened.

    Each batch is `(records, the batch that must have left before it leaves)`, None for nobody.
    """

    async def all_of_them():
        turns, happened = Turns(), []
        left = [asyncio.Event() for _ in batches]

        async def one(place, records, after):
            async with turns.turn(records):
                happened.append(f"{place} begins")
                if after is not None:
                    await left[after].wait()
            happened.append(f"{place} ends")
            left[place].set()

        await asyncio.gather(*(one(place, *batch) for place, batch in enumerate(batches)))
        return happened

    return asyncio.run(asyncio.wait_for(all_of_them(), 5))


def test_what_has_nothing_in_common_goes_on_at_the_same_time():
    assert order_of((A, 1), (B, None)) == ["0 begins", "1 begins", "1 ends", "0 ends"]


def test_what_has_something_in_common_waits_for_who_came_before():
    assert order_of((A, None), (A, None)) == ["0 begins", "0 ends", "1 begins", "1 ends"]


def test_nobody_overtakes_one_who_waits_for_the_same():
    happened = order_of((A, 3), (A + B, None), (B, None), (C, None))
    assert happened.index("1 begins") < happened.index("2 begins")
    assert happened.index("3 ends") < happened.index("0 ends")


def test_one_that_fails_frees_its_keys():
    async def failing(turns):
        async with turns.turn(A):
            raise LookupError

    async def fail_then_look():
        turns = Turns()
        with pytest.raises(LookupError):
            await failing(turns)
        return turns.split(A)

    assert asyncio.run(fail_then_look()) == ([0], [])


def test_only_records_that_meet_a_batch_on_its_way_must_wait():
    async def split():
        turns = Turns()
        records = [{"a", "x"}, set(), {"b"}]
        async with turns.turn(A):
            during = turns.split(records)
        return during, turns.split(records)

    assert asyncio.run(split()) == (([1, 2], [0]), ([0, 1, 2], []))
