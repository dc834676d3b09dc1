"""Money belongs to the request that goes out on it, not to the page it asks for."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from leadspiders.errors import Unreachable
from leadspiders.guard.spend_gate import Entry
from leadspiders.middlewares.promise import SENDING
from leadspiders.middlewares.purchases import NOT_BOUGHT, Purchases
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.spend import Kept, Reservation, Sale

URL = "http://127.0.0.1:9/apollo"


@dataclass
class Till:
    """A gate that sells each page once, and is asked for it twice."""

    sold: dict[str, Reservation] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    ends: list[tuple[Reservation, Any]] = field(default_factory=list)

    def sale(self, provider: str, offer: str, credits_each: float) -> Sale:
        return Sale(provider=provider, offer=offer, credits_each=Decimal(1), usd_per_credit=Decimal(1))

    async def enter(self, sale: Sale, facts: list[str]) -> Entry:
        (fact,) = facts
        if fact in self.kept:
            return Entry(kept=self.kept)
        if fact in self.sold:
            return Entry(refused={fact: "being-bought"})
        self.sold[fact] = Reservation(
            id=new_id(), campaign="spring", run_id="one", day=date.min, sale=sale, facts=(fact,)
        )
        return Entry(reservation=self.sold[fact])

    def sending(self, reservation: Reservation) -> str:
        return f"for {reservation.id}"

    async def settle(self, reservation: Reservation, replies: dict[str, bytes], *, credits: float) -> None:  # noqa: A002
        self.ends.append((reservation, replies))

    async def ended(self, reservation: Reservation, error: Exception) -> None:
        self.ends.append((reservation, error))


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def purchases(till: Till) -> Purchases:
    context: Any = SimpleNamespace(
        gate=till,
        settings=SimpleNamespace(getdict=lambda _: {"apollo": URL}),
        keyed_hash=lambda _, text: text.encode(),
        count=lambda _: None,
    )
    return Purchases(context)


def page(path: str = "/companies?page=1", base: str = URL, method: str = "POST") -> Request:
    meta = {"api": "apollo", "credits": 1.0, "purpose": "companies"}
    return Request(base + path, method=method, body=b"{}", meta=meta)


def test_a_second_request_for_the_page_does_not_give_back_the_money_of_the_first(
    purchases: Purchases, till: Till
) -> None:
    async def work() -> None:
        first, second = page(), page()
        assert await purchases.process_request(first) is None
        answer = await purchases.process_request(second)
        assert isinstance(answer, Response)
        assert answer.status == NOT_BOUGHT
        assert await purchases.process_response(second, answer) is answer
        assert till.ends == []
        await purchases.process_response(first, TextResponse(first.url, body=b'{"organizations": []}'))

    asyncio.run(work())
    ((reservation, replies),) = till.ends
    assert replies == {reservation.facts[0]: b'{"organizations": []}'}


def test_what_a_request_carries_is_gone_when_it_may_be_queued_again(purchases: Purchases, till: Till) -> None:
    async def work() -> Request:
        request = page()
        await purchases.process_request(request)
        assert request.meta[SENDING] == f"for {next(iter(till.sold.values())).id}"
        await purchases.process_exception(request, TimeoutError())
        return request

    assert asyncio.run(work()).meta == page().meta


def test_a_page_is_the_same_wherever_the_service_is_and_another_by_method_or_path(
    purchases: Purchases, till: Till
) -> None:
    async def work() -> None:
        for request in (page(), page("/companies?page=2"), page(method="PUT"), page("/people?page=1")):
            await purchases.process_request(request)

    asyncio.run(work())
    assert len(till.sold) == 4
    assert not [fact for fact in till.sold if "127.0.0.1" in fact]


def test_a_page_that_was_bought_before_is_answered(purchases: Purchases, till: Till) -> None:
    async def work() -> Response | None:
        await purchases.process_request(page())
        till.kept = {fact: Kept(reply=b"before", received_at=datetime.now(UTC)) for fact in till.sold}
        return await purchases.process_request(page())

    answer = asyncio.run(work())
    assert answer is not None
    assert answer.body == b"before"


def test_a_handshake_that_fails_has_sent_nothing(purchases: Purchases, till: Till) -> None:
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseNeverReceived([Failure(SSL.Error([("SSL routines", "", "certificate verify failed")]))])

    async def work() -> None:
        request = page()
        await purchases.process_request(request)
        await purchases.process_exception(request, error)

    asyncio.run(work())
    assert isinstance(till.ends[0][1], Unreachable)
