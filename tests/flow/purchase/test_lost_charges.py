"""A call that was lost is made again only when the provider's own counter says that it was not charged."""

import asyncio
from typing import Any

import pytest

from leadspiders.apis.consumed import Consumed
from leadspiders.apis.http import Conversation
from leadspiders.errors import (
    Unavailable,
)
from leadspiders.guard import lost_charges
from leadspiders.guard.lost_charges import LostCharges
from leadspiders.guard.spend_gate import Sending
from leadspiders.providers.provider import Bought
from leadspiders.providers.purchase import Answer
from leadspiders.stores.postgres.pool import Database
from tests.flow.purchase.conftest import LONG_AGO, At, campaign, holds, people


class Meter:
    """A provider's counter, and a provider that loses its answers when told to, before or after it charged."""

    def __init__(self) -> None:
        self.consumed = 100.0
        self.account = "made-1"
        self.loses: str | None = None

    async def sell(self, conversation: Conversation[Bought], sending: Sending) -> Bought:
        await sending(self.account)
        if self.loses == "the question":
            raise Unavailable("503", status=503)
        bought = await holds(conversation, sending)
        self.consumed += bought.credits
        if self.loses == "the answer":
            raise Unavailable("503", status=503)
        return bought

    async def read(self, conversation: Conversation[Consumed]) -> Consumed:
        return Consumed(credits=self.consumed, cycle="november")

    def lost(self, database: Database, **more: Any) -> LostCharges:
        told = {"account": lambda _: "made-1", "counters": {"made": lambda: iter(())}, "quiet": 0.0, "between": 0.0}
        return LostCharges(database, hold=self.read, **told | more)


def after_a_loss(at: At, loses: str, *, others: float = 0.0, bought: bool = True, **more: Any) -> tuple[Answer, Meter]:
    """Lose the call for `a`; then buy it again. `others` is what the rest of the team used in between."""
    meter = Meter()

    async def work(database: Database) -> Answer:
        terms = campaign(ambiguous="after_usage_check")
        desk = at.desk(database, meter.sell, terms, lost=meter.lost(database, **more))
        await desk.buy(people("known"))
        meter.loses = loses
        await desk.buy(people("a"))
        meter.loses = None
        if bought:
            await desk.buy(people("b"))
        meter.consumed += others
        return (await desk.buy(people("a")))[0]

    return at.using(work), meter


def test_a_lost_call_that_the_counter_does_not_know_is_made_again(at: At) -> None:
    answer, meter = after_a_loss(at, "the question")
    assert answer.contact
    assert meter.consumed == 103
    assert at.states() == {"known": "settled", "a": "settled", "b": "settled"}


def test_a_lost_call_that_was_charged_is_not_made_again(at: At) -> None:
    answer, meter = after_a_loss(at, "the answer")
    assert answer.refused == "charge-unknown"
    assert meter.consumed == 103


@pytest.mark.parametrize(
    "doubt",
    [
        {"others": 1.0},  # somebody else used the account: its credit may have been ours
        {"others": -1.0},  # it counts late, or gave something back
        {"quiet": 900.0},  # the provider may still be at it
        {"account": lambda _: None},  # several credentials: the counter speaks of one
    ],
)
def test_in_doubt_a_lost_call_stays_unknown(at: At, doubt: dict[str, Any]) -> None:
    answer, _ = after_a_loss(at, "the question", **doubt)
    assert answer.refused == "charge-unknown"


def test_a_counter_that_never_moved_proves_nothing(at: At) -> None:
    meter = Meter()

    async def work(database: Database) -> Answer:
        terms = campaign(ambiguous="after_usage_check")
        desk = at.desk(database, meter.sell, terms, lost=meter.lost(database))
        meter.loses = "the question"
        await desk.buy(people("a"))
        meter.loses = None
        return (await desk.buy(people("a")))[0]

    assert at.using(work).refused == "charge-unknown"


def test_a_counter_that_is_late_with_an_answered_call_frees_nothing(at: At) -> None:
    """The lost call was charged; the call after it is not in the counter yet: the sum is the same as if it were not."""
    meter = Meter()

    async def work(database: Database) -> Answer:
        terms = campaign(ambiguous="after_usage_check")
        desk = at.desk(database, meter.sell, terms, lost=meter.lost(database, quiet=60.0))
        meter.loses = "the answer"
        await desk.buy(people("a"))
        meter.loses = None
        async with database.connection() as connection:
            await connection.execute("UPDATE usage_readings SET read_at = read_at - interval '1 hour'")
            await connection.execute(LONG_AGO)
        await desk.buy(people("b"))
        meter.consumed -= 1
        return (await desk.buy(people("a")))[0]

    assert at.using(work).refused == "charge-unknown"


def test_calls_with_another_credential_leave_a_lost_one_in_doubt(at: At) -> None:
    """Their charge is not in our counter: it would make room for that of the lost call."""
    meter = Meter()

    async def work(database: Database) -> Answer:
        terms = campaign(ambiguous="after_usage_check")
        desk = at.desk(database, meter.sell, terms, lost=meter.lost(database))
        await desk.buy(people("known"))
        meter.loses = "the answer"
        await desk.buy(people("a"))
        meter.loses, meter.account = None, "made-2"
        await desk.buy(people("b"))
        meter.consumed -= 1
        return (await desk.buy(people("a")))[0]

    assert at.using(work).refused == "charge-unknown"


def test_a_counter_that_hangs_is_waited_for_once(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_charges, "ANCHOR_SECONDS", 0.05)
    waits: list[dict[str, float]] = []
    wait = asyncio.wait

    async def noted(tasks: Any, **most: float) -> Any:
        waits.append(most)
        return await wait(tasks, **most)

    async def hangs(conversation: Conversation[Consumed]) -> Consumed:
        return await asyncio.Future()

    async def work(database: Database) -> None:
        lost = LostCharges(
            database,
            hold=hangs,
            account=lambda _: "made-1",
            counters={"made": lambda: iter(())},  # type: ignore[dict-item, return-value]
        )
        monkeypatch.setattr(lost_charges.asyncio, "wait", noted)
        for _ in range(3):
            await lost.anchor("made")

    at.using(work)
    assert len(waits) == 1
