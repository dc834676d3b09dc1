"""Buying when things go wrong: what may have been charged counts, what was not does not, and a reply is never lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import psycopg
import pytest

from leadspiders.apis.consumed import Consumed
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import (
    CredentialRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    StoreError,
    Unavailable,
    Unreachable,
    Unreadable,
)
from leadspiders.guard import lost_charges
from leadspiders.guard.lost_charges import LostCharges
from leadspiders.guard.not_charged import NOT_CHARGED
from leadspiders.guard.spend_gate import Sending, SpendGate
from leadspiders.items.contact import Contact
from leadspiders.providers import purchase
from leadspiders.providers.provider import Bought, Ticket
from leadspiders.providers.purchase import Answer, Desk
from leadspiders.stores.postgres import runs, spend
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_totals import drifted
from tests.conftest import VAULT

LONG_AGO = "UPDATE spend SET reserved_at = reserved_at - interval '1 hour', sent_at = sent_at - interval '1 hour'"
REPLY = Reply(status=200, url="https://api.example.com", received_at=datetime(2026, 11, 21, tzinfo=UTC))

T = TypeVar("T")
Hold = Callable[[Conversation[Bought], Sending], Awaitable[Bought]]


class Made:
    """A provider that knows everybody but `nobody`, and whose reply about `garbled` cannot be read."""

    provider: ClassVar[str] = "made"
    name: ClassVar[str] = "look-up"
    fills: ClassVar[frozenset[str]] = frozenset(("full_name",))
    batch: ClassVar[int] = 10
    credits_each: ClassVar[float] = 1.0

    def wants(self, contact: Contact) -> bool:
        return True

    def fact(self, contact: Contact) -> str:
        return str(contact.provider_key)

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        known = [None if contact.provider_key == "nobody" else self.fact(contact).encode() for contact in contacts]
        return Bought(replies=known, credits=float(len(known) - known.count(None)))
        yield

    def read(self, reply: bytes, contact: Contact) -> Contact:
        if reply == b"garbled":
            raise Unreadable("it is garbled")
        return Contact(full_name=reply.decode())


async def holds(conversation: Conversation[Bought], sending: Sending) -> Bought:
    await sending("made-1")
    try:
        next(conversation)
    except StopIteration as end:
        bought: Bought = end.value
        return bought
    raise AssertionError("it asked for a call")


def failing(error: Exception) -> Hold:
    async def hold(conversation: Conversation[Bought], sending: Sending) -> Bought:
        await sending("made-1")
        raise error

    return hold


def people(*keys: str) -> list[Contact]:
    return [Contact(provider_key=key) for key in keys]


def campaign(ambiguous: str = "never", ask_again_days: int = 30, **budget: object) -> Campaign:
    """A campaign whose credits cost half a dollar, and whose caps are out of the way unless said otherwise."""
    whole = load("performance_marketers")
    caps = {"cap_usd": 100.0, "per_run_usd": 100.0, "per_day_usd": 100.0, "per_lead_usd": 100.0, "per_call_usd": 100.0}
    return whole.model_copy(
        update={
            "name": "spring",
            "providers": whole.providers.model_copy(update={"ambiguous": ambiguous, "ask_again_days": ask_again_days}),
            "budget": whole.budget.model_copy(update=caps | {"usd_per_credit": {"made": 0.5}} | budget),
        }
    )


class At:
    """Desks over a real database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def buy(self, hold: Hold, *batches: list[Contact], terms: Campaign | None = None) -> list[Sequence[Answer]]:
        """Buy one batch after the other at one desk."""

        async def work(database: Database) -> list[Sequence[Answer]]:
            desk = self.desk(database, hold, terms)
            return [await desk.buy(batch) for batch in batches]

        return self.using(work)

    def desk(self, database: Database, hold: Hold, terms: Campaign | None = None, **more: Any) -> Desk:
        offer, drift = more.pop("offer", None) or Made(), more.pop("drift", None) or Drift()
        gate = SpendGate(
            database, campaign=terms or campaign(), run_id="one", prices=load_prices(), **{"patience": 2.0} | more
        )
        return Desk(offer, gate=gate, fact_hash=lambda fact: fact, hold=hold, drift=drift)

    def using(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def main() -> T:
            database = Database(self.url, vault=VAULT)
            try:
                return await work(database)
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


def test_what_the_door_did_not_send_costs_nothing(at: At) -> None:
    class Open(Unreachable):
        """As the breaker raises."""

    ((answer,),) = at.buy(failing(Open("it rests")), people("a"))
    assert answer.refused == "provider-down"
    assert at.states() == {"a": "void"}


def test_a_refused_credential_ends_the_buying(at: At) -> None:
    calls = 0

    async def hold(conversation: Conversation[Bought], _: Sending) -> Bought:
        nonlocal calls
        calls += 1
        raise CredentialRefused("no", status=401)

    answers = at.buy(hold, people("a"), people("b"))
    assert [answer.refused for (answer,) in answers] == ["credential-refused"] * 2
    assert calls == 1


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


def test_who_died_while_buying_is_not_waited_for_long(at: At) -> None:
    async def work(database: Database) -> tuple[Answer, ...]:
        gate = SpendGate(database, campaign=campaign(), run_id="dead", prices=load_prices())
        await gate.enter(gate.sale("made", "look-up", 1), ["a"])
        return tuple(await at.desk(database, holds, patience=0.3).buy(people("a", "b")))

    dead, other = at.using(work)
    assert dead.refused == "being-bought"
    assert other.contact


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


def test_a_reply_that_was_paid_for_waits_for_a_database_that_is_away(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    settle, failures = spend.settle, [StoreError("away"), StoreError("away")]

    async def away_at_first(*arguments: object, **named: object) -> object:
        if failures:
            raise failures.pop()
        return await settle(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(spend, "settle", away_at_first)
    ((answer,),) = at.buy(holds, people("a"))
    assert answer.contact
    assert at.states() == {"a": "settled"}


def test_what_still_fits_under_a_cap_is_bought(at: At) -> None:
    (answers,) = at.buy(holds, people("a", "b", "c"), terms=campaign(cap_usd=1.0))
    assert [bool(answer.contact) for answer in answers] == [True, True, False]
    assert len(at.states()) == 2


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


def test_a_refusal_after_a_call_that_was_paid_for_counts_as_spent(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(self: Made, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        yield Call(api="made", path="/hand-in", credits=1.0)
        yield Call(api="made", path="/fetch")
        raise RateLimited("asked too fast how far it is")

    async def hold(conversation: Conversation[Bought], sending: Sending) -> Bought:
        next(conversation)
        await sending("made-1")
        for _ in range(2):
            conversation.send(REPLY)
        raise AssertionError("it goes on")

    monkeypatch.setattr(Made, "ask", ask)
    ((answer,),) = at.buy(hold, people("a"))
    assert answer.contact is None
    assert at.states() == {"a": "unknown"}


@pytest.mark.parametrize("closes", [QuotaUsedUp("empty"), CredentialRefused("no", status=401)])
def test_a_desk_closes_after_a_call_that_was_paid_for_but_the_money_stays_spent(at: At, closes: Exception) -> None:
    error = Unavailable("after a call that was paid for")
    error.__cause__ = closes
    answers = at.buy(failing(error), people("a"), people("b"))
    assert [answer.refused for (answer,) in answers] == ["provider-down", NOT_CHARGED[type(closes)]]
    assert at.states() == {"a": "unknown"}


def test_a_closed_desk_opens_when_the_quota_is_back(at: At) -> None:
    told = [QuotaUsedUp("empty", retry_at=datetime.now(UTC) - timedelta(seconds=1))]

    async def hold(conversation: Conversation[Bought], sending: Sending) -> Bought:
        if told:
            raise told.pop()
        return await holds(conversation, sending)

    (first,), (second,) = at.buy(hold, people("a"), people("b"))
    assert first.refused == "quota-used-up"
    assert second.contact


@pytest.mark.parametrize("error", [ValueError("missing scheme"), StoreError("away"), asyncio.CancelledError()])
def test_what_never_left_costs_nothing(at: At, error: BaseException) -> None:
    async def hold(conversation: Conversation[Bought], sending: Sending) -> Bought:
        raise error

    with suppress(asyncio.CancelledError):
        at.buy(hold, people("a"))
    assert at.states() == {"a": "void"}


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


def test_a_batch_that_is_refused_is_halved_until_the_one_is_found(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = []

    def ask(self: Made, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        batches.append(len(contacts))
        if any(contact.provider_key == "odd" for contact in contacts):
            raise RequestRefused("one of them is odd", status=400)
        return Bought(replies=[b"somebody"] * len(contacts), credits=float(len(contacts)))
        yield

    monkeypatch.setattr(Made, "ask", ask)
    (answers,) = at.buy(holds, people("a", "b", "c", "odd", "p", "q", "r", "s"))
    assert [answer.refused for answer in answers] == [None] * 3 + ["request-refused"] + [None] * 4
    assert batches == [8, 4, 2, 2, 1, 1, 4]
    assert set(at.states().values()) == {"settled", "void"}


def test_a_batch_that_is_refused_whatever_is_in_it_is_not_halved_for_ever(
    at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purchase, "MOST_REFUSALS", 2)
    (answers,) = at.buy(failing(RequestRefused("no", status=400)), people(*"abcdefgh"))
    assert [answer.refused for answer in answers] == ["request-refused"] * 8
    assert sum(state == "void" for state in at.states().values()) == 8


def one_by_one(error: Exception) -> Callable[[Made, Sequence[Contact]], Conversation[Bought]]:
    """Two that are answered, one at which it ends."""

    def ask(self: Made, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        return Bought(replies=[b"one", None], credits=1.0, ended_by=error)
        yield

    return ask


@pytest.mark.parametrize(
    ("error", "third", "refused"),
    [
        (RateLimited("slow down"), "void", "rate-limited"),
        (QuotaUsedUp("empty"), "void", "quota-used-up"),
        (Unavailable("503", status=503), "unknown", "provider-down"),
        (TimeoutError(), "unknown", "provider-down"),
    ],
)
def test_what_was_answered_before_it_ended_is_kept(
    at: At, monkeypatch: pytest.MonkeyPatch, error: Exception, third: str, refused: str
) -> None:
    monkeypatch.setattr(Made, "ask", one_by_one(error))
    (answers,) = at.buy(holds, people("a", "b", "c", "d"))
    assert [answer.refused for answer in answers] == [None, None, refused, refused]
    assert [answer.credits for answer in answers] == [1.0, 0.0, 0.0, 0.0]
    assert at.states() == {"a": "settled", "b": "settled", "c": third, "d": "void"}


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


async def carries(conversation: Conversation[T], sending: Sending | None) -> T:
    if sending:
        await sending("made-1")
    try:
        next(conversation)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("it asked for a call")


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


class Page(Made):
    """One reply about everybody."""

    def fact(self, contact: Contact) -> str:
        return "page"

    def ask(self, contacts: Sequence[Contact], drift: Drift) -> Conversation[Bought]:
        return Bought(replies=[b"Ann,Bob"], credits=1.0)
        yield

    def read(self, reply: bytes, contact: Contact) -> Contact | None:
        return Contact(full_name=contact.full_name) if str(contact.full_name) in reply.decode() else None


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


def test_a_reply_about_several_is_bought_once_and_read_by_each(at: At) -> None:
    async def work(database: Database) -> list[Sequence[Answer]]:
        desk = at.desk(database, carries, campaign(), offer=Page())
        staff = [Contact(full_name=name) for name in ("Ann", "Eve", "Bob")]
        return [await desk.buy(staff), await desk.buy(staff[2:])]

    (ann, eve, bob), (again,) = at.using(work)
    assert [one.contact and one.contact.full_name for one in (ann, eve, bob, again)] == ["Ann", None, "Bob", "Bob"]
    assert [one.usd for one in (ann, eve, bob, again)] == [0.5, 0.0, 0.0, 0.0]
