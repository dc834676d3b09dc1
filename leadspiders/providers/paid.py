"""What an error means once money has gone over the counter."""

from typing import TypeVar

from leadspiders.apis.http import Conversation
from leadspiders.errors import ApiError, Unavailable

T = TypeVar("T")


def after_payment(conversation: Conversation[T]) -> Conversation[T]:
    """The same conversation, whose errors are honest about money.

    Most errors of an API mean that it did nothing, so that the money is given back. That does not hold for the fourth
    call when the first has been paid for: then nobody knows (`Unavailable`, with the error as its cause). What is
    thrown in reaches the conversation, which may end with what it has.
    """
    paid = False
    try:
        call = next(conversation)
        while True:
            try:
                reply = yield call
            except Exception as error:  # noqa: BLE001  whatever kept the call from its answer is told
                call = conversation.throw(error)
            else:
                following = conversation.send(reply)
                paid, call = paid or call.credits > 0, following
    except StopIteration as end:
        result: T = end.value
        return result
    except ApiError as error:
        if not paid:
            raise
        raise Unavailable(f"after a call that was paid for: {error}", status=error.status) from error
