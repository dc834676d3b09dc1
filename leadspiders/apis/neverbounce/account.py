"""What is left of NeverBounce's credits, asked for without a credit."""

import msgspec

from leadspiders.apis.http import Reply
from leadspiders.apis.neverbounce.contract import check
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unreadable


class Credits(msgspec.Struct):
    """Credits of both kinds."""

    paid_credits_remaining: float = 0.0
    free_credits_remaining: float = 0.0


def read_credits(reply: Reply) -> float:
    """The credits left, paid and free ones; the answer to `contract.ACCOUNT`."""
    check(reply)
    try:
        told = msgspec.convert(read_object(reply).get("credits_info"), Credits, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"NeverBounce's credits cannot be read: {error}", status=reply.status) from error
    return told.paid_credits_remaining + told.free_credits_remaining
