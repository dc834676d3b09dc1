"""A few addresses are checked one by one: what breaks in between does not take along what was paid for."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Conversation, Reply
from leadspiders.errors import QuotaUsedUp, RateLimited, Unreadable
from leadspiders.items.contact import Contact
from leadspiders.providers.neverbounce import Verdict
from leadspiders.providers.paid import after_payment
from leadspiders.providers.provider import Bought

VALID = b'{"status": "success", "result": "valid", "flags": [], "suggested_correction": ""}'
EMPTY = b'{"status": "payment_required", "message": "Insufficient credits"}'
FOUR = [Contact(email=f"{name}@example.com") for name in "abcd"]


def talk(answers: Sequence[bytes | Exception]) -> Bought:
    conversation: Conversation[Bought] = after_payment(Verdict().ask(FOUR, Drift()))
    next(conversation)
    try:
        for answer in answers:
            if isinstance(answer, Exception):
                conversation.throw(answer)
            else:
                conversation.send(Reply(status=200, url="", body=answer, received_at=datetime.now(UTC)))
    except StopIteration as end:
        bought: Bought = end.value
        return bought
    raise AssertionError("it wants more answers")


def test_all_are_judged() -> None:
    bought = talk([VALID] * 4)
    assert (len(bought.replies), bought.credits, bought.ended_by) == (4, 4.0, None)


@pytest.mark.parametrize(
    ("third", "kind"),
    [
        (EMPTY, QuotaUsedUp),
        (RateLimited("slow down"), RateLimited),
        (TimeoutError("cut"), TimeoutError),
        (b"<html>", Unreadable),
    ],
)
def test_the_first_two_are_kept_when_the_third_fails(third: bytes | Exception, kind: type[Exception]) -> None:
    bought = talk([VALID, VALID, third])
    assert (len(bought.replies), bought.credits) == (2, 2.0)
    assert isinstance(bought.ended_by, kind)


def test_the_first_may_fail_as_it_is() -> None:
    with pytest.raises(QuotaUsedUp):
        talk([EMPTY])
