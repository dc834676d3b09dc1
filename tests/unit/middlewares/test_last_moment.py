"""A request that was held up on its way through Scrapy is not sent late."""

import asyncio
from dataclasses import dataclass, field

from scrapy import Request

from leadspiders.guard.pace_books import Start
from leadspiders.middlewares.last_moment import LastMoment
from leadspiders.middlewares.promise import begin, slot_of
from leadspiders.stores.redis.pace import Slot

FIRST, SECOND = Slot("one|search", 100, 1), Slot("two|search", 200, 2, 50)


@dataclass
class FakePacer:
    """Finds every promise late, or none."""

    is_late: bool
    renewed_for: list[tuple[str, str, Slot, bool]] = field(default_factory=list)

    def late(self, api: str, slot: Slot) -> bool:
        return self.is_late

    async def renewed(self, api: str, group: str, slot: Slot, *, paid: bool) -> Start:
        self.renewed_for.append((api, group, slot, paid))
        return Start(0.0, 1.0, "another-key", SECOND, 1)


def kept(pacer: FakePacer, slot: Slot | None = FIRST) -> Request:
    request = Request("https://example.com", meta={"api": "apollo", "download_slot": "apollo:search", "paid": True})
    begin(request, Start(0.0, 1.0, "a-key", slot, 1))
    asyncio.run(LastMoment(pacer).keep(request))  # type: ignore[arg-type]
    return request


def test_one_in_time_goes_as_it_is() -> None:
    request = kept(FakePacer(is_late=False))
    assert (request.meta["credential"], slot_of(request)) == ("a-key", FIRST)


def test_one_that_is_late_waits_for_another_moment_and_goes_with_the_credential_of_that() -> None:
    pacer = FakePacer(is_late=True)
    request = kept(pacer)
    assert pacer.renewed_for == [("apollo", "search", FIRST, True)]
    assert (request.meta["credential"], slot_of(request)) == ("another-key", SECOND)


def test_a_call_without_a_promise_is_left_alone() -> None:
    pacer = FakePacer(is_late=True)
    kept(pacer, None)
    assert not pacer.renewed_for
