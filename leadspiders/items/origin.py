"""Where a record came from: enough to find the raw record again, and never a secret."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, kw_only=True, frozen=True)
class Origin:
    """One record of one response of one source.

    `source` is the spider's name (`apollo`) or `file:<name>` for an import, `url` carries no credential, `fetched_at`
    is in UTC, `receipt` names the response's receipt (the request's fingerprint, 40 hex digits) and `index` the
    record's place in that response, from 0.
    """

    source: str
    url: str
    fetched_at: datetime
    run_id: str
    receipt: str
    index: int
