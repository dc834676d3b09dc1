"""A record that a source gave and nobody could read: it is parked with its text, so that it is seen and not lost."""

from dataclasses import dataclass, field

from leadspiders.items.origin import Origin


@dataclass(slots=True, kw_only=True)
class Unread:
    """`reason` says in words why; `raw` is the record as it came."""

    reason: str
    raw: str = field(repr=False)
    origin: Origin | None = None
