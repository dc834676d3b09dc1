from datetime import UTC, datetime

import pytest

from leadspiders.apis.http import Call, Conversation, Reply, converse
from leadspiders.errors import QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreachable
from leadspiders.providers.paid import after_payment

REPLY = Reply(status=200, url="https://api.example.com", received_at=datetime(2026, 11, 21, tzinfo=UTC))


def talk(*prices: float, end: Exception | None = None) -> Conversation[str]:
    for price in prices:
        yield Call(api="made", path="/", credits=price)
    if end:
        raise end
    return "done"


def test_a_conversation_goes_on_as_it_was():
    result, calls = converse(after_payment(talk(1.0, 0.0)), [REPLY] * 2)
    assert (result, [call.credits for call in calls]) == ("done", [1.0, 0.0])


def test_one_without_a_call_ends_at_once():
    with pytest.raises(StopIteration) as end:
        next(after_payment(talk()))
    assert end.value.value == "done"


@pytest.mark.parametrize("error", [RateLimited("slow down"), RequestRefused("no")])
def test_before_the_payment_an_error_is_what_it_is(error):
    for prices in ([1.0], [0.0, 1.0], [0.0, 0.0]):
        with pytest.raises(type(error)):
            converse(after_payment(talk(*prices, end=error)), [REPLY] * len(prices))


def test_after_it_nobody_knows():
    with pytest.raises(Unavailable, match="paid for: slow down"):
        converse(after_payment(talk(1.0, 0.0, end=RateLimited("slow down"))), [REPLY] * 2)


def test_what_could_not_be_sent_counts_too():
    conversation = after_payment(talk(1.0, 0.0))
    next(conversation)
    conversation.send(REPLY)
    with pytest.raises(Unavailable):
        conversation.throw(Unreachable("no way"))
    first = after_payment(talk(1.0, 0.0))
    next(first)
    with pytest.raises(Unreachable):
        first.throw(Unreachable("no way"))


def test_a_quota_that_is_used_up_does_not_give_back_what_was_paid():
    with pytest.raises(Unavailable) as told:
        converse(after_payment(talk(1.0, 0.0, end=QuotaUsedUp("empty"))), [REPLY] * 2)
    assert isinstance(told.value.__cause__, QuotaUsedUp)


@pytest.mark.parametrize("error", [RateLimited("slow down"), Unreachable("no way"), TimeoutError("cut")])
def test_what_is_thrown_in_reaches_a_conversation_that_ends_with_what_it_has(error):
    def partly() -> Conversation[str]:
        yield Call(api="made", path="/1", credits=1.0)
        try:
            yield Call(api="made", path="/2", credits=1.0)
        except (RateLimited, Unreachable, TimeoutError) as met:
            return f"one, then {met}"
        return "two"

    conversation = after_payment(partly())
    next(conversation)
    conversation.send(REPLY)
    with pytest.raises(StopIteration) as end:
        conversation.throw(error)
    assert end.value.value == f"one, then {error}"
