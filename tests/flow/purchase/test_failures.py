"""Calls that fail: what may have been charged counts, what was not does not, and a reply is never lost."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.errors import (
    CredentialRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    StoreError,
    Unavailable,
    Unreachable,
)
from leadspiders.guard.not_charged import NOT_CHARGED
from leadspiders.guard.spend_gate import Sending
from leadspiders.items.contact import Contact
from leadspiders.providers import purchase
from leadspiders.providers.provider import Bought
from leadspiders.stores.postgres import spend
from tests.flow.purchase.conftest import At, Made, failing, holds, people

REPLY = Reply(status=200, url="https://api.example.com", received_at=datetime(2026, 11, 21, tzinfo=UTC))


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
