"""The frontier's programs inside a real Redis: nothing lost, nothing given to two, the old holder refused."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from leadspiders.stores.embedded.services import Urls
from leadspiders.stores.redis.frontier import Exchange, Frontier, Held, Message, Nack, payload_of

T = TypeVar("T")
LONG = 60.0
OVER_AT_ONCE = 0.0
"""A lease of no time at all is over when the next one asks: no test has to wait."""


class Run:
    """A frontier of its own, and workers on it."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.name = uuid4().hex

    def worker(self, name: str = "one", lease_seconds: float = LONG) -> Frontier:
        return Frontier(self.redis, run_id=self.name, spider="test", worker=name, lease_seconds=lease_seconds)

    async def keys(self) -> set[str]:
        return {key.decode().rpartition(":")[2] for key in await self.redis.keys(f"{{leads:{self.name}}}:*")}


@asynccontextmanager
async def new_run(urls: Urls) -> AsyncIterator[Run]:
    async with Redis.from_url(urls.redis_url) as redis:
        run = Run(redis)
        yield run
        if keys := await redis.keys(f"{{leads:{run.name}}}:*"):
            await redis.delete(*keys)


def within(urls: Urls, work: Callable[[Run], Awaitable[T]]) -> T:
    async def main() -> T:
        async with new_run(urls) as run:
            return await work(run)

    return asyncio.run(main())


def message(text: str, priority: int = 0, *, filtered: bool = True) -> Message:
    return Message(id=text.encode().ljust(16), payload=text.encode(), priority=priority, filtered=filtered)


def payloads(got: Exchange) -> list[str]:
    return [payload_of(stored).decode() for _, stored in got.leased]


def held(got: Exchange) -> list[Held]:
    return [lease for lease, _ in got.leased]


def test_higher_priorities_come_first_and_within_one_the_first_come(urls: Urls) -> None:
    async def work(run: Run) -> list[str]:
        await run.worker().exchange(push=[message("a"), message("b", -1), message("c", 5)])
        await run.worker().exchange(push=[message("d"), message("e", 5)])
        return payloads(await run.worker().exchange(want=9))

    assert within(urls, work) == ["c", "e", "a", "d", "b"]


def test_a_request_is_enqueued_once_a_run_also_after_it_is_done(urls: Urls) -> None:
    async def work(run: Run) -> list[int]:
        one, two = run.worker("one"), run.worker("two")
        first = await one.exchange(push=[message("a"), message("a")], want=1)
        second = await two.exchange(push=[message("a"), message("b")])
        await one.exchange(ack=held(first))
        third = await two.exchange(push=[message("a")])
        return [first.pushed, second.pushed, third.pushed]

    assert within(urls, work) == [1, 1, 0]


def test_one_that_is_not_filtered_may_come_again_once_it_is_done(urls: Urls) -> None:
    async def work(run: Run) -> list[int]:
        one = run.worker()
        again = message("a", filtered=False)
        first = await one.exchange(push=[again, again], want=1)
        await one.exchange(ack=held(first))
        return [first.pushed, (await one.exchange(push=[again])).pushed]

    assert within(urls, work) == [1, 1]


def test_what_one_has_another_does_not_get(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[str], list[str]]:
        await run.worker().exchange(push=[message(name) for name in "abc"])
        one = await run.worker("one").exchange(want=2)
        return payloads(one), payloads(await run.worker("two").exchange(want=2))

    assert within(urls, work) == (["a", "b"], ["c"])


def test_an_acked_request_leaves_nothing_but_that_it_was_seen(urls: Urls) -> None:
    async def work(run: Run) -> tuple[set[str], int]:
        one = run.worker()
        got = await one.exchange(push=[message("a")], want=1)
        end = await one.exchange(ack=held(got))
        return await run.keys(), end.ready + end.held

    assert within(urls, work) == ({"seen", "sequence"}, 0)


def test_a_dead_workers_requests_go_to_another_and_its_token_is_refused(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[str], int, int]:
        slow, other = run.worker("slow", OVER_AT_ONCE), run.worker("other")
        late = await slow.exchange(push=[message("a")], want=1)
        got = await other.exchange(want=1)
        lost = await slow.exchange(extend=held(late), ack=held(late), nack=[Nack(held=held(late)[0], reason="x")])
        return payloads(got), len(lost.lost), lost.held

    assert within(urls, work) == (["a"], 1, 1)


def test_a_lease_that_ran_out_but_went_to_nobody_can_be_extended(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[Held], list[str]]:
        late = await run.worker("one", OVER_AT_ONCE).exchange(push=[message("a")], want=1)
        kept = await run.worker("one").exchange(extend=held(late))
        return kept.lost, payloads(await run.worker("two").exchange(want=1))

    assert within(urls, work) == ([], [])


def test_a_request_that_ends_its_workers_is_buried_at_the_third(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[int], list[tuple[str, bytes]], int]:
        one = run.worker("one", OVER_AT_ONCE)
        tries = [await one.exchange(push=[message("a")], want=1)]
        tries += [await one.exchange(want=1) for _ in range(3)]
        dead = await one.dead()
        return [len(got.leased) for got in tries], [(entry.reason, entry.payload) for entry in dead], tries[-1].held

    leased, dead, left = within(urls, work)
    assert leased == [1, 1, 1, 0]
    assert dead == [("workers ended while they had it", b"a")]
    assert left == 0


def test_a_failure_pauses_counts_and_buries_with_its_reason(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[float | None], list[str]]:
        one, reasons = run.worker(), list[str]()
        got = await one.exchange(push=[message("a")], want=1)
        paused = await one.exchange(nack=[Nack(held=held(got)[0], reason="broken", pause=100.0)], want=1)
        for _ in range(2):
            await run.redis.zadd(f"{{leads:{run.name}}}:test:lease", {message("a").id: 0})  # the pause is over
            got = await one.exchange(want=1)
            end = await one.exchange(nack=[Nack(held=held(got)[0], reason="broken\nagain", pause=100.0)])
            reasons += [entry.reason for entry in end.buried]
        return [len(paused.leased), paused.held, paused.due and round(paused.due, -1)], reasons

    assert within(urls, work) == ([0, 1, 100.0], ["broken again"])


def test_a_final_failure_is_buried_at_once(urls: Urls) -> None:
    async def work(run: Run) -> tuple[str, bytes, int]:
        got = await run.worker().exchange(push=[message("a")], want=1)
        end = await run.worker().exchange(nack=[Nack(held=held(got)[0], reason="status 503", pause=None)])
        return end.buried[0].reason, end.buried[0].payload, end.ready + end.held

    assert within(urls, work) == ("status 503", b"a", 0)


def test_what_is_given_back_stands_where_it_stood_and_was_not_tried(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[str], set[str]]:
        one = run.worker()
        got = await one.exchange(push=[message(name) for name in "ab"], want=1)
        await one.exchange(nack=[Nack(held=held(got)[0])])
        keys = await run.keys()
        return payloads(await one.exchange(want=2)), keys

    order, keys = within(urls, work)
    assert order == ["a", "b"]
    assert "tries" not in keys


def test_acks_and_nacks_of_an_emptied_redis_do_nothing(urls: Urls) -> None:
    async def work(run: Run) -> tuple[int, int, set[str]]:
        one = run.worker()
        got = await one.exchange(push=[message("a"), message("b")], want=2)
        await run.redis.delete(*[f"{{leads:{run.name}}}:test:{name}" for name in await run.keys()])
        end = await one.exchange(ack=held(got)[:1], nack=[Nack(held=held(got)[1], reason="x")], extend=held(got))
        return end.sequence, len(end.lost), await run.keys()

    assert within(urls, work) == (0, 2, set())


def test_a_restarted_redis_is_told_the_scripts_again_and_counts_right(urls: Urls) -> None:
    async def work(run: Run) -> tuple[list[str], int]:
        one = run.worker()
        await one.exchange(push=[message("a")])
        await run.redis.script_flush()
        await one.exchange(want=0)  # loads but one
        got = await one.exchange(push=[message("b")], want=1)
        return payloads(got), got.ready + got.held

    assert within(urls, work) == (["a"], 2)


def test_a_seen_request_is_not_asked_again_after_redis_was_lost(urls: Urls) -> None:
    fingerprint = "ab" * 20

    async def work(run: Run) -> int:
        await run.worker().mark_seen([fingerprint])
        await run.worker().mark_seen([])
        same = Message(id=bytes.fromhex(fingerprint)[:16], payload=b"x")
        return (await run.worker().exchange(push=[same])).pushed

    assert within(urls, work) == 0


def test_what_was_seen_stays_a_while_after_the_end_and_for_good_when_there_is_more(urls: Urls) -> None:
    async def work(run: Run) -> list[int]:
        seen = f"{{leads:{run.name}}}:test:seen"
        await run.worker().exchange(push=[message("a")])
        await run.worker().expire(100)
        kept = [await run.redis.ttl(seen)]
        await run.worker().exchange(push=[message("b")])
        return [*kept, await run.redis.ttl(seen)]

    assert within(urls, work) == [100, -1]


def test_bytes_of_somebody_else_are_handed_out_as_they_are_and_can_be_buried(urls: Urls) -> None:
    alien = b"\x80\x04\x95 cposix\nsystem"

    async def work(run: Run) -> tuple[bytes, bytes]:
        prefix = f"{{leads:{run.name}}}:test"
        await run.redis.hset(f"{prefix}:data", "alien", alien)
        await run.redis.zadd(f"{prefix}:ready", {"0" * 16 + "alien": 0, "short": 0})
        got = await run.worker().exchange(want=5)
        end = await run.worker().exchange(nack=[Nack(held=held(got)[0], reason="unreadable", pause=None)])
        return payload_of(got.leased[0][1]), end.buried[0].payload

    assert within(urls, work) == (alien, alien)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("push"), st.integers(0, 30)),
        st.tuples(st.just("lease"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["ack", "give back", "kill"]), st.integers(0, 1)),
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_the_workers_do_each_request_is_done_once_and_none_is_lost(
    urls: Urls, steps: list[tuple[str, int]]
) -> None:
    async def work(run: Run) -> tuple[Counter[str], set[str]]:
        pushed: set[str] = set()
        done: Counter[str] = Counter()
        holding: list[list[tuple[Held, bytes]]] = [[], []]
        for step, number in steps:
            if step == "push":
                pushed.add(str(number))
                await run.worker().exchange(push=[message(str(number), number % 3)])
            elif step == "lease":
                got = await run.worker(str(number % 2)).exchange(want=number)
                holding[number % 2] += got.leased
            else:
                await _end(run, str(number), step, holding[number], done)
                holding[number] = []
        for number in (0, 1):
            await _end(run, str(number), "kill", holding[number], done)
        rest = await run.worker("last").exchange(want=100)
        done.update(payloads(rest))
        return done, pushed

    async def _end(run: Run, name: str, how: str, leases: list[tuple[Held, bytes]], done: Counter[str]) -> None:
        worker = run.worker(name)
        if how == "ack":
            done.update(payload_of(stored).decode() for _, stored in leases)
            await worker.exchange(ack=[one for one, _ in leases])
        elif how == "give back":
            await worker.exchange(nack=[Nack(held=one) for one, _ in leases])
        else:
            worker = run.worker(name, OVER_AT_ONCE)  # a killed worker's leases run out; these tries are not counted
            await worker.exchange(extend=[one for one, _ in leases])
            await run.redis.delete(f"{{leads:{run.name}}}:test:tries")
            await worker.exchange()
            await run.redis.delete(f"{{leads:{run.name}}}:test:tries")

    done, pushed = within(urls, work)
    assert set(done) == pushed
    assert set(done.values()) <= {1}
