"""What every destination is: it takes leads in its API's own batches and says of each what became of it."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from leadspiders.apis.http import Conversation
from leadspiders.stores.postgres.outbox import Delivery, Settlement


class Destination(Protocol):
    """Built from the destination's table of the campaign. `batch` is the most leads of one delivery."""

    name: ClassVar[str]
    api: ClassVar[str]
    batch: ClassVar[int]

    def prepare(self) -> Conversation[None]:
        """What must be there before the first lead: properties, fields, lists. Once a crawl."""
        ...

    def deliver(self, leads: Sequence[Delivery]) -> Conversation[list[Settlement]]:
        """The calls that deliver these leads; one settlement each, in any order. Raises the errors of `apis` when it is
        the whole delivery that failed."""
        ...
