"""How a record can leave the stages before the store: each way has a reason, and each is counted.

`leads/<stage>/<outcome>` are the stats; the refusals extension notes the same on the record's receipt.
"""

from scrapy.exceptions import DropItem


class Left(DropItem):
    """Raised by a stage to end a record's way.

    `reason` is a short name that is counted, not a sentence; `noted` says that the receipt has it already.
    """

    outcome = "refused"

    def __init__(self, stage: str, reason: str, *, noted: bool = False) -> None:
        super().__init__(f"{self.outcome} at {stage}: {reason}", log_level="DEBUG")
        self.noted = noted
        self.stage = stage
        self.reason = reason


class Refused(Left):
    """The record is no lead for this campaign, or may not be used."""


class Suppressed(Left):
    """Somebody asked not to be contacted."""

    outcome = "suppressed"


class Parked(Left):
    """Kept, with its content, for somebody to look at."""

    outcome = "parked"
