"""Buying when things go wrong: what may have been charged counts, what was not does not, and a reply is never lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

import psycopg
import pytest

from leadspiders.apis.http import Conversation
from leadspiders.errors import StoreError, Unavailable, Unreachable, Unreadable
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought
from leadspiders.providers.purchase import Answer, Desk
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.pool import Database


class Made:
    """A provider that knows everybody but `nobody`, and whose reply about `garbled` cannot be read."""

    name: ClassVar[str] = "made"
    batch: ClassVar[int] = 10
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        return True

    def fact(self, contact: Contact) -> str:
        return str(contact.provider_key)

    def ask(self, contacts: Sequence[Contact]) -> Conversation[Bought]:
        known = [None if contact.provider_key == "nobody" else self.fact(contact).encode() for contact in contacts]
        return Bought(replies=known, credits=float(len(known) - known.count(None)))
        yield

    def read(self, reply: bytes) -> Contact:
        if reply == b"garbled":
            raise Unreadable("it is garbled")
        return Contact(full_name=reply.decode())


async def holds(conversation: Conversation[Bought]) -> Bought:
    try:
        next(conversation)
    except StopIteration as end:
        bought: Bought = end.value
        return bought
    raise AssertionError("it asked for a call")


def failing(error: Exception) -> Callable[[Conversation[Bought]], Awaitable[Bought]]:
    async def hold(conversation: Conversation[Bought]) -> Bought:
        raise error

    return hold


def people(*keys: str) -> list[Contact]:
    return [Contact(provider_key=key) for key in keys]


class At:
    """A desk over a real database, with a clock that is set by hand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = 0.0

    def buy(
        self,
        hold: Callable[[Conversation[Bought]], Awaitable[Bought]],
        *batches: list[Contact],
        caps: spend.Caps | None = None,
    ) -> list[Sequence[Answer]]:
        async def main() -> list[Sequence[Answer]]:
            database = Database(self.url)
            desk = Desk(
                Made(),
                database=database,
                campaign="spring",
                run_id="one",
                caps=caps or spend.Caps(campaign_usd=100),
                usd_per_credit=0.5,
                fact_hash=lambda fact: fact,
                hold=hold,
                clock=lambda: self.now,
            )
            try:
                return [await desk.buy(batch) for batch in batches]
            finally:
                await database.close()

        return asyncio.run(main())

    def states(self) -> dict[str, str]:
        with psycopg.connect(self.url) as connection:
            return dict(connection.execute("SELECT fact, state FROM spend ORDER BY reserved_at").fetchall())


@pytest.fixture
def at(database: str) -> At:
    return At(database)


def test_an_answer_is_bought_once(at: At) -> None:
    first, again = at.buy(holds, people("a", "nobody"), people("a", "nobody"))
    assert [answer.contact and answer.contact.full_name for answer in first] == ["a", None]
    assert [answer.contact and answer.contact.full_name for answer in again] == ["a", None]
    assert sum(answer.usd for answer in first) == 0.5
    assert sum(answer.usd for answer in again) == 0.0


def test_a_connection_that_was_refused_costs_nothing(at: At) -> None:
    ((answer,),) = at.buy(failing(Unreachable("refused")), people("a"))
    assert answer.refused == "provider-down"
    assert at.states() == {"a": "void"}
    ((found,),) = at.buy(holds, people("a"))
    assert found.contact


def test_a_call_without_an_answer_counts_as_spent_and_is_not_made_again(at: At) -> None:
    at.buy(failing(Unavailable("503", status=503)), people("a"))
    assert at.states() == {"a": "unknown"}
    ((answer,),) = at.buy(holds, people("a"))
    assert answer.contact is None


def test_a_provider_that_fails_three_times_is_left_alone_for_a_while(at: At) -> None:
    calls = 0

    async def hold(conversation: Conversation[Bought]) -> Bought:
        nonlocal calls
        calls += 1
        raise Unavailable("503", status=503)

    answers = at.buy(hold, *(people(key) for key in "abcdef"))
    assert calls == 3
    assert [answer.refused for (answer,) in answers] == ["provider-down"] * 3 + ["provider-rests"] * 3
    assert set(at.states()) == {"a", "b", "c"}


def test_one_reply_that_cannot_be_read_fails_one_lead(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "garbled", "b"))
    assert [answer.refused for answer in answers] == [None, "unreadable", None]


def test_a_reply_that_was_paid_for_waits_for_a_database_that_is_away(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, failures = spend.settle, [StoreError("away"), StoreError("away")]

    async def away_at_first(*arguments: object, **named: object) -> None:
        if failures:
            raise failures.pop()
        await settle(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(spend, "settle", away_at_first)
    ((answer,),) = at.buy(holds, people("a"))
    assert answer.contact
    assert at.states() == {"a": "settled"}


def test_what_still_fits_under_a_cap_is_bought(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "b", "c"), caps=spend.Caps(campaign_usd=1.0))
    assert [bool(answer.contact) for answer in answers] == [True, True, False]
    assert len(at.states()) == 2
