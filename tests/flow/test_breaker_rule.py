"""The circuits inside Redis follow the rule in Python, step by step; and a worker without Redis goes by the rule."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from leadspiders.guard.breaker import Breaker
from leadspiders.rules.circuit import Change, Circuit, Pass, Rule
from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.breaker import Circuits

RULE = Rule(share=0.5, calls=6, window=1_000, in_a_row=4, rest=500, longest_rest=1_500, trial=700)
BY_HAND = "local function now() return tonumber(redis.call('GET', KEYS[1] .. ':now')) end"
STEPS = st.tuples(
    st.sampled_from(["admit", "good", "bad", "unmade"]),
    st.sampled_from(["", "a", "b"]),
    st.integers(min_value=0, max_value=600),
)


def with_circuits(urls: Urls, work: Callable[[Circuits, Redis, str], Awaitable[None]], clock: str = BY_HAND) -> None:
    async def main() -> None:
        async with Redis.from_url(urls.redis_url) as redis:
            prefix = f"{{test:{uuid4().hex}}}:"
            await work(Circuits(redis, RULE, prefix=prefix, clock=clock), redis, prefix)

    asyncio.run(main())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=10, max_size=60))
def test_redis_does_what_the_rule_says(urls: Urls, steps: list[tuple[str, str, int]]) -> None:
    async def work(shared: Circuits, redis: Redis, prefix: str) -> None:
        now, circuit = 1_700_000_000_000, Circuit(RULE)
        for what, token, later in steps:
            now += later
            await redis.set(f"{prefix}x:now", now)
            if what == "admit":
                assert await shared.admit("x", token or "c") == circuit.admit(token or "c", now)
            else:
                good, bad = int(what == "good"), int(what == "bad")
                assert await shared.ended("x", token, good=good, bad=bad) == circuit.ended(
                    token, good=good, bad=bad, now=now
                )

    with_circuits(urls, work)


def test_workers_share_a_circuit_and_one_trial(urls: Urls) -> None:
    async def work(shared: Circuits, redis: Redis, prefix: str) -> None:
        clock = 1_700_000_000.0
        await redis.set(f"{prefix}x:now", round(clock * 1000))
        one, two = (Breaker(shared, RULE, clock=lambda: clock) for _ in range(2))
        changes = [await worker.ended("x", "", bad=True) for worker in (one, two, one, two)]
        assert changes == [*[Change.NONE] * 3, Change.OPENED]
        assert [(await worker.admit("x", "a")).verdict for worker in (one, two)] == [Pass.WAIT, Pass.WAIT]
        clock += 0.6
        await redis.set(f"{prefix}x:now", round(clock * 1000))
        assert [(await worker.admit("x", name)).verdict for worker, name in ((one, "a"), (two, "b"))] == [
            Pass.TRIAL,
            Pass.WAIT,
        ]
        assert await one.ended("x", "a", good=True) is Change.CLOSED
        clock += 1
        assert (await two.admit("x", "b")).verdict is Pass.FREE

    with_circuits(urls, work)


def test_a_call_that_went_well_between_failures_counts(urls: Urls) -> None:
    async def work(shared: Circuits, redis: Redis, prefix: str) -> None:
        await redis.set(f"{prefix}x:now", 1_700_000_000_000)
        worker = Breaker(shared, RULE)
        for good in (False, False, False, True, True, True, True, True, False):
            assert await worker.ended("x", "", good=good, bad=not good) is Change.NONE

    with_circuits(urls, work)


def test_a_worker_without_redis_goes_by_what_it_sees() -> None:
    async def main() -> None:
        clock = 1_000.0
        async with Redis(port=1) as nobody:
            worker = Breaker(Circuits(nobody, RULE), RULE, clock=lambda: clock)
            assert (await worker.admit("x", "a")).verdict is Pass.FREE
            changes = [await worker.ended("x", "", bad=True) for _ in range(4)]
            assert changes[-1] is Change.OPENED
            assert (await worker.admit("x", "a")).verdict is Pass.WAIT
            clock += 0.6
            assert (await worker.admit("x", "a")).verdict is Pass.TRIAL
            assert await worker.ended("x", "a", good=True) is Change.CLOSED
            assert (await worker.admit("x", "b")).verdict is Pass.FREE

    asyncio.run(main())
