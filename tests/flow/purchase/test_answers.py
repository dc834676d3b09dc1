"""What a desk sells: each answer once, to whoever asks, and no more than the caps allow."""

import asyncio
from collections.abc import Sequence

import psycopg

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation
from leadspiders.guard.spend_gate import Sending
from leadspiders.items.contact import Contact
from leadspiders.providers.provider import Bought
from leadspiders.providers.purchase import Answer
from leadspiders.stores.postgres.pool import Database
from tests.flow.purchase.conftest import At, Made, campaign, carries, holds, people


def test_an_answer_is_bought_once(at: At) -> None:
    first, again = at.buy(holds, people("a", "nobody"), people("a", "nobody"))
    assert [answer.contact and answer.contact.full_name for answer in first] == ["a", None]
    assert [answer.contact and answer.contact.full_name for answer in again] == ["a", None]
    assert sum(answer.usd for answer in first) == 0.5
    assert sum(answer.usd for answer in again) == 0.0


def test_what_an_answer_cost_is_told_with_it(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "a", "nobody"))
    assert [answer.usd for answer in answers] == [0.5, 0.0, 0.0]
    assert [answer.credits for answer in answers] == [1.0, 0.0, 0.0]
    assert {answer.provider for answer in answers} == {"made"}
    assert all(answer.bought_at and answer.seconds >= 0 for answer in answers)


def test_two_who_want_one_fact_pay_once_and_both_get_it(at: At) -> None:
    async def work(database: Database) -> tuple[Sequence[Answer], Sequence[Answer]]:
        called, bought_b = asyncio.Event(), asyncio.Event()

        async def until_b_is_bought(conversation: Conversation[Bought], sending: Sending) -> Bought:
            called.set()
            await bought_b.wait()
            return await holds(conversation, sending)

        async def holds_b(conversation: Conversation[Bought], sending: Sending) -> Bought:
            bought_b.set()
            return await holds(conversation, sending)

        first = asyncio.create_task(at.desk(database, until_b_is_bought, patience=60).buy(people("a")))
        await called.wait()
        second = await at.desk(database, holds_b, patience=60).buy(people("b", "a"))
        return await first, second

    (first,), (other, second) = at.using(work)
    assert [answer.contact and answer.contact.full_name for answer in (first, other, second)] == ["a", "b", "a"]
    assert [answer.usd for answer in (first, other, second)] == [0.5, 0.5, 0.0]


def test_nobody_known_is_asked_about_again_after_the_campaigns_days(at: At) -> None:
    days = campaign(ask_again_days=0)
    first, again = at.buy(holds, people("nobody"), people("nobody"), terms=days)
    assert first[0].contact is None
    assert again[0].usd == first[0].usd == 0.0
    with psycopg.connect(at.url) as connection:
        assert connection.execute("SELECT count(*) FROM spend").fetchone() == (2,)


def test_one_reply_that_cannot_be_read_fails_one_lead(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "garbled", "b"))
    assert [answer.refused for answer in answers] == [None, "unreadable", None]


class Page(Made):
    """One reply about everybody."""

    def fact(self, contact: Contact) -> str:
        return "page"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        return Bought(replies=[b"Ann,Bob"], credits=1.0)
        yield

    def read(self, reply: bytes, contact: Contact) -> Contact | None:
        return Contact(full_name=contact.full_name) if str(contact.full_name) in reply.decode() else None


def test_a_reply_about_several_is_bought_once_and_read_by_each(at: At) -> None:
    async def work(database: Database) -> list[Sequence[Answer]]:
        desk = at.desk(database, carries, campaign(), offer=Page())
        staff = [Contact(full_name=name) for name in ("Ann", "Eve", "Bob")]
        return [await desk.buy(staff), await desk.buy(staff[2:])]

    (ann, eve, bob), (again,) = at.using(work)
    assert [one.contact and one.contact.full_name for one in (ann, eve, bob, again)] == ["Ann", None, "Bob", "Bob"]
    assert [one.usd for one in (ann, eve, bob, again)] == [0.5, 0.0, 0.0, 0.0]


def test_what_differs_in_a_reply_is_told_to_the_crawl_once_and_not_of_what_was_kept(at: At) -> None:
    class Changed(Made):
        def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
            drift.note("made.people", "mood", "unknown")
            return (yield from super().ask(contacts, drift))

    drift = Drift()

    async def work(database: Database) -> None:
        desk = at.desk(database, carries, campaign(), offer=Changed(), drift=drift)
        await desk.buy(people("a"))
        await desk.recollect(people("a"))
        await desk.buy(people("a"))

    at.using(work)
    assert drift.fields == {("made.people", "mood", "unknown"): 1}


def test_what_still_fits_under_a_cap_is_bought(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "b", "c"), terms=campaign(cap_usd=1.0))
    assert [bool(answer.contact) for answer in answers] == [True, True, False]
    assert len(at.states()) == 2


def test_what_is_too_much_for_one_call_is_bought_in_several(at: At) -> None:
    terms = campaign(per_call_usd=1.0)
    (answers,) = at.buy(holds, people("a", "b", "c", "d", "e"), terms=terms)
    assert all(answer.contact for answer in answers)
    with psycopg.connect(at.url) as connection:
        assert connection.execute("SELECT count(DISTINCT reservation) FROM spend").fetchone() == (3,)


def test_a_desk_takes_no_more_than_one_call_may_cost(at: At) -> None:
    async def work(database: Database) -> list[int]:
        caps = (0.1, 1.0, 100.0)
        return [at.desk(database, holds, campaign(per_call_usd=most)).batch for most in caps]

    assert at.using(work) == [1, 2, 10]
