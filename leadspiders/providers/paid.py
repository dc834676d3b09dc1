"""What an error means once money has gone over the counter."""

from typing import TypeVar

from leadspiders.apis.http import Call, Conversation, Reply, carried
from leadspiders.errors import ApiError, Unavailable

T = TypeVar("T")


def after_payment(conversation: Conversation[T], *, paid: bool = False) -> Conversation[T]:
    """The same conversation, whose errors are honest about money.

    Most errors of an API mean that it did nothing, so that the money is given back. That does not hold for the fourth
    call when the first has been paid for: then nobody knows (`Unavailable`, with the error as its cause). What is
    thrown in reaches the conversation, which may end with what it has. `paid`: the money has gone before it begins.
    """
    accepted = False  # the answer to a paid call was in, and the conversation went on from it

    def counting(call: Call) -> Conversation[Reply]:
        nonlocal paid, accepted
        paid, accepted = paid or accepted, False
        reply = yield call
        accepted = call.credits > 0
        return reply

    try:
        return (yield from carried(conversation, counting))
    except ApiError as error:
        if not paid:
            raise
        raise Unavailable(f"after a call that was paid for: {error}", status=error.status) from error
