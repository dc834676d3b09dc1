"""What a request carries of the pace: its limit, the credential it goes with, and the promise it goes on."""

from typing import Final

from scrapy import Request

from leadspiders.guard.pace_books import Start
from leadspiders.stores.redis.pace import Slot

CREDENTIAL: Final = "credential"
"""The key in `request.meta` that tells the last hop, by its id, which credential to sign with."""
SLOT: Final = "pace"
SENDING: Final = "sending"
"""What the last hop awaits, with the id of the credential, before a paid request leaves; never in the queue."""
NOT_BOUGHT: Final = "not_bought"
"""Why a page that costs was not asked for."""


def group_of(request: Request) -> str:
    """The group of endpoints that a request falls under."""
    slot: str = request.meta.get("download_slot", "")
    return slot.partition(":")[2] or "default"


def paced(request: Request) -> bool:
    """Whether a request goes to an API, and so falls under a limit."""
    return bool(request.meta.get("api"))


def is_paid(request: Request) -> bool:
    """Whether a request costs credits."""
    return bool(request.meta.get("paid"))


def begin(request: Request, start: Start) -> None:
    """Note on a request with which credential and on which promise it goes."""
    slot = start.slot
    request.meta[CREDENTIAL] = start.credential
    request.meta[SLOT] = [slot.book, slot.at, slot.number, slot.slack] if slot else None


def slot_of(request: Request) -> Slot | None:
    """The promise that a request went on; None without Redis."""
    noted = request.meta.get(SLOT)
    return Slot(*noted) if noted else None
