"""How the rows of the audit trail hang together: each carries a hash of what it says and of the row before it.

The hashes are keyed: who can write to the database but lacks the installation's key cannot make one that fits. A head,
sealed the same way, says where the trail ends, or else rows could be cut off there unnoticed.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import msgspec

Hashes = bytes
"""Of 16 bytes each, one behind the other."""
START: Final = bytes(32)
"""What stands for the row before the first one."""
BROKEN: Final = b""
"""The seal of a head that somebody else has changed: it never becomes whole again."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request that left the process, as it is kept: nothing in it is a secret or a personal datum in clear.

    `bytes` counts the body as it came over the line, `status` is None and `error` a class name when no answer came.
    `subjects` is a keyed hash of 16 bytes for each trait of those whom the request named, as many as there is room for;
    `subject_count` is how many there were.
    """

    at: datetime
    run_id: str
    campaign: str
    spider: str
    worker: str
    api: str | None
    purpose: str | None
    method: str
    url: str
    status: int | None
    error: str | None
    bytes: int
    milliseconds: int
    credential: str | None
    subjects: Hashes = b""
    subject_count: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last row, and the last of those that were dropped for their age: `(number, hash)` each."""

    number: int = 0
    hash: bytes = START
    dropped_number: int = 0
    dropped_hash: bytes = START


class Chain:
    """Makes the hashes, with a key of its own: that of the installation hashes other things too."""

    def __init__(self, hash_key: bytes) -> None:
        self._key = hmac.digest(hash_key, b"the audit trail", "sha256")

    def link(self, before: bytes, number: int, entry: Entry) -> bytes:
        """The hash of row `number`, which follows the row with the hash `before`."""
        return hmac.digest(self._key, b"row" + before + _encode([number, *_values(entry)]), "sha256")

    def seal(self, head: Head) -> bytes:
        """The hash of a head."""
        ends = b"".join((head.hash, head.dropped_hash))
        return hmac.digest(self._key, b"head" + ends + _encode([head.number, head.dropped_number]), "sha256")

    def sealed(self, head: Head, seal: bytes) -> bool:
        """Whether the seal is ours."""
        return hmac.compare_digest(self.seal(head), seal)


def _values(entry: Entry) -> tuple[object, ...]:
    """Exact values only: a time in microseconds, as Postgres keeps it."""
    since = entry.at - _EPOCH
    return (
        (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds,
        entry.run_id,
        entry.campaign,
        entry.spider,
        entry.worker,
        entry.api,
        entry.purpose,
        entry.method,
        entry.url,
        entry.status,
        entry.error,
        entry.bytes,
        entry.milliseconds,
        entry.credential,
        entry.subjects,
        entry.subject_count,
        entry.headers,
    )
