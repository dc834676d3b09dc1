"""What workers leave behind that die while they buy: reservations are given up, jobs collected."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import (
    Unavailable,
)
from leadspiders.guard.spend_gate import Sending, SpendGate
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought, Ticket
from leadspiders.providers.purchase import Answer
from leadspiders.stores.postgres import runs, spend
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_totals import drifted
from tests.flow.purchase.conftest import LONG_AGO, At, Made, campaign, carries, holds, people


def test_who_died_while_buying_is_not_waited_for_long(at: At) -> None:
    async def work(database: Database) -> tuple[Answer, ...]:
        gate = SpendGate(database, campaign=campaign(), run_id="dead", prices=load_prices())
        await gate.enter(gate.sale("made", "look-up", 1), ["a"])
        return tuple(await at.desk(database, holds, patience=0.3).buy(people("a", "b")))

    dead, other = at.using(work)
    assert dead.refused == "being-bought"
    assert other.contact


def test_who_died_while_waiting_for_the_pace_left_nothing_in_doubt(at: At) -> None:
    """Whichever campaign had reserved it, and whoever looks."""

    async def work(database: Database) -> Sequence[Answer]:
        autumn = campaign().model_copy(update={"name": "autumn"})
        gate = SpendGate(database, campaign=autumn, run_id="dead", prices=load_prices())
        sale = gate.sale("made", "look-up", 1)
        for fact in ("asked", "waiting"):
            reservation = (await gate.enter(sale, [fact])).reservation
            assert reservation
            if fact == "asked":
                await gate.sending(reservation)("made-1")
        async with database.connection() as connection:
            await connection.execute(LONG_AGO)
        answers = await at.desk(database, holds, patience=0.0).buy(people("asked", "waiting"))
        assert not await drifted(database, "autumn")
        return answers

    asked, waiting = at.using(work)
    assert asked.refused == "charge-unknown"
    assert waiting.contact


def test_who_was_given_up_while_waiting_does_not_ask(at: At) -> None:
    async def work(database: Database) -> Answer:
        async def late(conversation: Conversation[Bought], sending: Sending) -> Bought:
            assert await spend.expire(database, "spring", older_than_seconds=0) == 1
            return await holds(conversation, sending)

        return (await at.desk(database, late).buy(people("a")))[0]

    assert at.using(work).refused == "provider-down"
    assert at.states() == {"a": "void"}


def test_whose_heart_has_stopped_is_given_up_where_it_does_no_harm(at: At) -> None:
    async def work(database: Database) -> None:
        for place, worker in enumerate(("alive", "dead", "unheard-of")):
            gate = SpendGate(database, campaign=campaign(), run_id="one", prices=load_prices(), worker=worker)
            for fact in ("waits", "sent", "handed-in"):
                entry = await gate.enter(gate.sale("made", "look-up", 1), [f"{fact}-{place}"])
                assert entry.reservation
                if fact != "waits":
                    await gate.sending(entry.reservation)("made-1")
                if fact == "handed-in":
                    await gate.handed_in(entry.reservation, "7")
            if worker != "unheard-of":
                await runs.open_log(database, run_id="one", campaign="spring", source="apollo", worker=worker)
        async with database.connection() as connection:
            await connection.execute(
                "UPDATE scraping_logs SET heartbeat_at = now() - interval '31 seconds' WHERE worker = 'dead'"
            )
        assert await spend.expire(database, "spring") == 2

    at.using(work)
    states = at.states()
    assert {fact for fact, state in states.items() if state != "reserved"} == {"waits-1", "handed-in-1"}
    assert (states["waits-1"], states["handed-in-1"]) == ("void", "unknown")


class Slow(Made):
    """A provider that takes its time: what is handed in is collected by its ticket."""

    def __init__(self, *, done: bool = True) -> None:
        self.done = done
        self.jobs: dict[str, Bought] = {}
        self.sold = 0.0

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Ticket]:
        bought = yield from super().ask(contacts, drift)
        ticket = f"job-{len(self.jobs)}"
        self.jobs[ticket] = bought
        self.sold += bought.credits
        return Ticket(ticket)

    def collect(self, ticket: Ticket, number: int, drift: Drift, *, waits: bool = True) -> Conversation[Bought]:
        if not self.done:
            raise Unavailable("it is not done")
        return self.jobs[ticket.id]
        yield


@pytest.mark.parametrize("ambiguous", ["never", "always"])
def test_a_job_that_nobody_lived_to_collect_is_collected_by_the_next_and_paid_for_once(at: At, ambiguous: str) -> None:
    slow = Slow(done=False)

    async def work(database: Database) -> list[Sequence[Answer]]:
        terms = campaign(ambiguous=ambiguous)
        desks = [at.desk(database, carries, terms, offer=slow) for _ in range(2)]
        first = await desks[0].buy(people("a", "nobody", "b"))
        slow.done = True
        return [first, *await asyncio.gather(*(desks[1].buy(people(*keys)) for keys in (["b"], ["a", "c"])))]

    first, second, third = at.using(work)
    assert [answer.refused for answer in first] == ["provider-down"] * 3
    assert [answer.contact and answer.contact.full_name for answer in (*second, *third)] == ["b", "a", "c"]
    assert [answer.usd for answer in (*second, *third)] == [0.0, 0.0, 0.5]
    assert slow.sold == 3.0
    assert at.states() == dict.fromkeys(("a", "b", "c", "nobody"), "settled")
    with psycopg.connect(at.url) as connection:
        assert connection.execute("SELECT sum(credits), sum(usd) FROM spend").fetchone() == (3, Decimal("1.5"))


def test_a_crawl_that_begins_collects_what_is_old_and_a_ticket_that_is_too_old_stays_unknown(at: At) -> None:
    slow = Slow(done=False)

    async def work(database: Database) -> list[dict[str, Any]]:
        desk = at.desk(database, carries, campaign(), offer=slow)
        await desk.buy(people("a"))
        await desk.buy(people("b"))
        slow.done, found = True, []
        for age in ("0 minutes", "40 days", "20 minutes"):
            async with database.connection() as connection:
                await connection.execute("UPDATE spend SET sent_at = now() - %s::interval WHERE fact = 'a'", [age])
            await at.desk(database, carries, campaign(), offer=slow).collect()
            found.append(await spend.bought(database, "made", ["a", "b"]))
        return found

    young, too_old, old = at.using(work)
    assert not young
    assert not too_old
    assert set(old) == {"a"}
    assert at.states() == {"a": "settled", "b": "unknown"}
