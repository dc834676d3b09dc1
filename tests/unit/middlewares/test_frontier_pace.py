"""What a worker does with the promises of the pace, without a clock or a socket."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request

from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, Unpaced
from leadspiders.guard.pace_books import Start
from leadspiders.middlewares.frontier_leases import Lease, Leases
from leadspiders.middlewares.frontier_pace import Promises
from leadspiders.stores.redis.frontier import Held
from leadspiders.stores.redis.pace import Slot

NOW = 100.0


@dataclass
class FakePacer:
    """Promises moments `every` seconds apart, or raises."""

    every: float = 0.0
    error: ApiError | None = None
    asked: list[tuple[str, str, int, bool]] = field(default_factory=list)
    returned: int = 0
    voided: bool = False

    async def starts(
        self, api: str, group: str, number: int, *, paid: bool, back: Sequence[Slot] = (), missed: int = 0
    ) -> list[Start]:
        self.asked.append((api, group, number, paid))
        self.returned += len(back)
        if self.error:
            raise self.error
        return [
            Start(NOW + n * self.every, NOW + n * self.every + 0.5, "key", Slot("one|search", n, n), 1)
            for n in range(number)
        ]

    async def give_back(self, api: str, group: str, starts: Sequence[Start]) -> None:
        self.returned += len(starts)

    async def listen(self, api: str, start: Start) -> None: ...

    def void(self, api: str, start: Start) -> bool:
        return self.voided


def lease(number: int, **meta: Any) -> Lease:
    request = Request(f"https://example.com/{number}", meta={"api": "apollo", "download_slot": "apollo:search"} | meta)
    return Lease(Held(bytes([number]) * 16, number), request, NOW + 30, at=None)


def promises(pacer: FakePacer, *held: Lease, most: int = 4) -> tuple[Promises, Leases, list[str]]:
    said: list[str] = []
    leases = Leases(5.0)
    leases.buffer.extend(held)
    return Promises(leases, lambda: pacer, most=most, say=said.append), leases, said  # type: ignore[arg-type, return-value]


def begun(leases: Leases) -> int:
    count = 0
    while leases.next(NOW):
        count += 1
    return count


def test_no_more_is_promised_than_can_be_under_way() -> None:
    pacer = FakePacer()
    made, leases, _ = promises(pacer, *map(lease, range(6)))
    assert asyncio.run(made.ask(NOW))
    assert pacer.asked == [("apollo", "search", 4, False)]
    assert begun(leases) == 4
    assert leases.downloading() == 4
    assert not asyncio.run(made.ask(NOW))


def test_a_begun_request_says_on_which_promise_it_goes() -> None:
    made, leases, _ = promises(FakePacer(), lease(1))
    asyncio.run(made.ask(NOW))
    request = leases.next(NOW)
    assert request
    assert (request.meta["credential"], request.meta["pace"]) == ("key", ["one|search", 0, 0, 0])


def test_what_would_have_to_wait_goes_back_but_for_the_next() -> None:
    pacer = FakePacer(every=2.0)
    made, leases, _ = promises(pacer, *map(lease, range(6)))
    asyncio.run(made.ask(NOW))
    assert begun(leases) == 1
    assert asyncio.run(made.thin_out(NOW))
    assert [one.held.token for one in leases.waiting()] == [1]
    assert made.next_at(NOW) == NOW + 2
    assert pacer.returned == 2
    _, ended = leases.told()
    assert [one.held.token for one in ended] == [2, 3, 4, 5]


def test_a_missed_or_void_promise_is_asked_for_anew() -> None:
    pacer = FakePacer()
    made, leases, _ = promises(pacer, lease(1))
    asyncio.run(made.ask(NOW))
    made.check(NOW + 0.4)
    assert not made.wanting()
    made.check(NOW + 0.6)
    assert made.wanting()
    asyncio.run(made.ask(NOW))
    assert pacer.returned == 1
    assert leases.buffer[0].missed == 1
    pacer.voided = True
    made.check(NOW)
    assert made.wanting() == list(leases.buffer)


def test_a_used_up_quota_leaves_the_requests_in_the_queue_and_ends_a_long_wait() -> None:
    for hours, ends in ((0.02, False), (5.0, True)):
        until = datetime.now(UTC) + timedelta(hours=hours)
        pacer = FakePacer(error=QuotaUsedUp("used up", retry_at=until))
        made, leases, said = promises(pacer, lease(1), lease(2))
        asyncio.run(made.ask(NOW))
        assert not leases.waiting()
        assert all(one.given_back and (one.pause > 60) is not ends for one in leases.told()[1])
        assert bool(said) is ends
        assert (made.closing or "").startswith("quota-used-up-until-") is ends


def test_a_promise_hours_away_ends_the_crawl_too() -> None:
    made, leases, _ = promises(FakePacer(), lease(1))
    asyncio.run(made.ask(NOW))
    leases.buffer[0].at = NOW + 4_000
    asyncio.run(made.thin_out(NOW))
    assert made.closing
    assert made.closing.startswith("quota-used-up-until-")


def test_a_refused_credential_ends_the_crawl_and_a_page_that_costs_is_not_bought() -> None:
    made, leases, _ = promises(FakePacer(error=CredentialRefused("no")), lease(1))
    asyncio.run(made.ask(NOW))
    assert made.closing == "credential-refused"
    made, leases, _ = promises(FakePacer(error=CredentialRefused("no")), lease(1, paid=True))
    asyncio.run(made.ask(NOW))
    request = leases.next(NOW)
    assert request
    assert request.meta["not_bought"] == "credential-refused"
    assert made.closing is None


def test_without_redis_a_page_that_costs_waits() -> None:
    made, leases, _ = promises(FakePacer(error=Unpaced("away")), lease(1, paid=True))
    asyncio.run(made.ask(NOW))
    assert leases.next(NOW) is None
    assert made.wanting()
