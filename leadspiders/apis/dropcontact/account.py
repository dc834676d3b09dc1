"""What is left of Dropcontact's credits, asked for with `contract.CREDITS`, without a credit."""

from leadspiders.apis.dropcontact.contract import check
from leadspiders.apis.http import Reply
from leadspiders.apis.refusals import read_object
from leadspiders.errors import Unreadable


def read_credits(reply: Reply) -> float:
    """The credits left."""
    check(reply)
    left = read_object(reply).get("credits_left")
    if isinstance(left, bool) or not isinstance(left, int | float):
        raise Unreadable("Dropcontact's answer has no credits_left", status=reply.status)
    return float(left)
