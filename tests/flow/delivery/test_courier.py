"""A courier and what can go wrong: what is the service's is waited for, what is a lead's counts against that lead."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response

from leadspiders.errors import StoreError
from leadspiders.pipelines.courier import TRIES_AT_THE_END
from leadspiders.pipelines.pace import Pace
from leadspiders.stores.postgres.pool import Connection, Database
from tests.flow.delivery.conftest import QUICK, Board, Delivering, answered, lead, store, to_the_end

TAKEN = {"taken": "77"}


async def fair(path: str, names: list[str]) -> Response:
    return answered(TAKEN)


async def until(what: Callable[[], Any]) -> None:
    """Give way to the courier until something is so."""
    async for _ in _moments():
        if what():
            return


async def _moments() -> AsyncIterator[None]:
    while True:
        yield await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "trouble",
    [
        answered(status=503),
        answered({"policyName": "TEN_SECONDLY_ROLLING"}, 429, **{"Retry-After": "0.02"}),
        DownloadConnectionRefusedError("refused"),
        CannotResolveHostError("crm.example.com"),
        DownloadTimeoutError("60 s"),
        ConnectionResetError(),
    ],
    ids=lambda trouble: str(getattr(trouble, "status", type(trouble).__name__)),
)
def test_a_destination_that_is_ill_is_waited_for(due: Any, deliver: Any, outbox: Any, trouble: Any) -> None:
    due([lead(n) for n in range(10)])
    bad = [trouble] * 3

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/prepare" or not bad:
            return answered(TAKEN)
        if isinstance(found := bad.pop(), Response):
            return found
        raise found

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: delivering.stat("export/hubspot/sent"))
        await delivering.courier.finish()

    done = deliver(work, answer)
    assert outbox() == {"sent 0": 10}
    assert not done.stat("failed/delivery-hubspot")
    assert done.stat("export/hubspot/later") == 30


def test_an_ill_destination_is_given_up_when_the_crawl_is_over(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])

    async def answer(path: str, names: list[str]) -> Response:
        return answered(status=503)

    done = deliver(to_the_end, answer)
    assert len(done.calls) == TRIES_AT_THE_END
    assert outbox() == {"pending 0": 10}
    assert (done.stat("failed/delivery-hubspot"), done.stat("export/hubspot/stopped")) == (1, 1)


@pytest.mark.parametrize("refusal", [answered({"message": "no"}, 400), answered('{"taken": '), answered({})])
def test_one_wrong_lead_fails_alone(due: Any, deliver: Any, outbox: Any, rows: Any, refusal: Response) -> None:
    due([lead(n) for n in range(20)])

    async def answer(path: str, names: list[str]) -> Response:
        return refusal if "Ann Lee7" in names else answered(TAKEN)

    deliver(to_the_end, answer)
    assert outbox() == {"sent 0": 19, "failed 1": 1}
    query = "SELECT full_name FROM contacts JOIN outbox ON lead_id = contacts.id WHERE outbox.state = 'failed'"
    assert rows(query) == [{"full_name": "Ann Lee7"}]


def test_when_no_lead_is_taken_it_is_not_the_leads(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(30)])

    async def answer(path: str, names: list[str]) -> Response:
        return answered(TAKEN) if path == "/prepare" else answered({"message": "no such property"}, 400)

    done = deliver(to_the_end, answer)
    assert outbox() == {"pending 0": 30}
    assert done.stat("failed/delivery-hubspot") == 1
    assert len(done.calls) == 1 + 19


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_preparation_stops_the_courier_and_costs_no_lead_a_try(
    due: Any, deliver: Any, outbox: Any, status: int
) -> None:
    due([lead(n) for n in range(30)])

    async def answer(path: str, names: list[str]) -> Response:
        return answered({"message": "not unique"}, status)

    done = deliver(to_the_end, answer)
    assert done.calls == [("/prepare", [])]
    assert outbox() == {"pending 0": 30}
    assert done.stat("failed/delivery-hubspot") == 1


def test_a_refused_credential_keeps_the_leads(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(30)])

    async def answer(path: str, names: list[str]) -> Response:
        return answered(TAKEN) if path == "/prepare" else answered({"message": "expired"}, 401)

    done = deliver(to_the_end, answer)
    assert len(done.calls) == 2
    assert outbox() == {"pending 0": 30}


def test_a_cut_answer_to_the_preparation_is_read_again(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(0)])
    cut = [answered("{")] * 2

    class Reading(Board):
        def prepare(self) -> Any:
            (yield from super().prepare())
            (yield from self.deliver([]))

    async def answer(path: str, names: list[str]) -> Response:
        return cut.pop() if cut and path == "/cards" else answered(TAKEN)

    deliver(to_the_end, answer, destination=Reading())
    assert outbox() == {"sent 0": 1}


def test_a_mistake_in_the_code_of_a_destination_costs_one_lead(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])

    class Clumsy(Board):
        def deliver(self, leads: Any) -> Any:
            assert all(one.lead.full_name != "Ann Lee3" for one in leads)
            return (yield from super().deliver(leads))

    deliver(to_the_end, fair, destination=Clumsy())
    assert outbox() == {"sent 0": 9, "failed 1": 1}


class Stumbling(Database):
    """Fails at its first uses."""

    errors: list[Exception]

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        if self.errors:
            raise self.errors.pop()
        async with super().connection() as connection:
            yield connection


def test_postgres_is_waited_for(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])
    Stumbling.errors = [StoreError("Postgres does not answer")] * 4

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: delivering.stat("export/hubspot/sent"))
        await delivering.courier.finish()

    deliver(work, fair, store=Stumbling)
    assert outbox() == {"sent 0": 10}


def test_what_was_sent_is_noted_when_postgres_is_back(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])
    Stumbling.errors = []

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/cards":
            Stumbling.errors = [StoreError("Postgres does not answer")]
        return answered(TAKEN)

    done = deliver(to_the_end, answer, store=Stumbling)
    assert [path for path, _ in done.calls] == ["/prepare", "/cards"]
    assert outbox() == {"sent 0": 10}


def test_a_courier_that_broke_down_is_sent_again_by_the_next_lead(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(0)])
    Stumbling.errors = [RuntimeError("a bug")]

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: delivering.stat("failed/delivery-hubspot"))
        assert outbox() == {"pending 0": 1}
        delivering.courier.wake()
        await until(lambda: delivering.stat("export/hubspot/sent"))
        await delivering.courier.finish()

    deliver(work, fair, store=Stumbling)
    assert outbox() == {"sent 0": 1}


def test_a_crawl_that_made_nothing_due_delivers_nothing(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(0)])

    async def work(delivering: Delivering) -> None:
        await delivering.courier.finish()

    assert deliver(work, fair).calls == []
    assert outbox() == {"pending 0": 1}


def test_what_becomes_due_during_the_last_trip_is_delivered_too(
    database: str, due: Any, deliver: Any, outbox: Any
) -> None:
    due([lead(0)])
    stored = asyncio.Event()

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/cards":
            await stored.wait()
        return answered(TAKEN)

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: len(delivering.calls) == 2)
        await store(database, [lead(1)])
        delivering.courier.wake()
        ending = asyncio.ensure_future(delivering.courier.finish())
        await asyncio.sleep(0)
        stored.set()
        await ending

    deliver(work, answer)
    assert outbox() == {"sent 0": 2}


def test_a_crawl_that_is_stopped_ends_the_present_trip_and_begins_no_other(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(30)])

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: len(delivering.calls) == 2)
        delivering.leaving = True
        going.set()
        await delivering.courier.finish()

    going = asyncio.Event()

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/cards":
            await going.wait()
        return answered(TAKEN)

    deliver(work, answer)
    assert outbox() == {"sent 0": 10, "pending 0": 20}


def test_a_crawl_that_is_stopped_looks_no_further_for_the_wrong_lead(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/prepare":
            return answered(TAKEN)
        at_work[0].leaving = True
        return answered({"message": "no"}, 400)

    at_work: list[Delivering] = []

    async def work(delivering: Delivering) -> None:
        at_work.append(delivering)
        await to_the_end(delivering)

    assert len(deliver(work, answer).calls) == 2
    assert outbox() == {"pending 0": 10}


def test_a_call_that_never_ends_does_not_keep_a_stopped_crawl(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(n) for n in range(10)])

    async def answer(path: str, names: list[str]) -> Response:
        return answered(TAKEN) if path == "/prepare" else await asyncio.Future()

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: len(delivering.calls) == 2)
        delivering.leaving = True
        await delivering.courier.finish()

    deliver(work, answer)
    assert outbox() == {"pending 0": 10}


def test_leads_stay_leased_as_long_as_their_delivery_takes(due: Any, deliver: Any, outbox: Any, rows: Any) -> None:
    due([lead(0)])

    async def answer(path: str, names: list[str]) -> Response:
        if path == "/cards":
            (first,) = rows("SELECT leased_until FROM outbox")
            await until(
                lambda: rows("SELECT leased_until > %s AS longer FROM outbox", first["leased_until"])[0]["longer"]
            )
        return answered(TAKEN)

    deliver(to_the_end, answer, pace=Pace(gather=0, look=0.01, lease=0.3))
    assert outbox() == {"sent 0": 1}


def test_rests_grow_and_are_cut_short_by_the_end_of_the_crawl(due: Any, deliver: Any, outbox: Any) -> None:
    due([lead(0)])
    bad = [answered({}, 429, **{"Retry-After": "3600"})]

    async def answer(path: str, names: list[str]) -> Response:
        return bad.pop() if bad else answered(TAKEN)

    async def work(delivering: Delivering) -> None:
        delivering.courier.wake()
        await until(lambda: delivering.stat("export/hubspot/later"))
        await delivering.courier.finish()

    deliver(work, answer, pace=QUICK)
    assert outbox() == {"sent 0": 1}
