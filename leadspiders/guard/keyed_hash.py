"""Turns an identity (an e-mail, a LinkedIn URL) into 16 bytes that nobody can turn back without the key.

Look-up, uniqueness and opt-outs work on these, so that the values themselves can be encrypted or erased.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache

KeyedHash = Callable[[str, str], bytes]
"""`(kind, value) -> 16 bytes`; kinds keep a phone number from matching a provider's id."""


def keyed_hash(key: bytes) -> KeyedHash:
    """HMAC-SHA-256, cut to 16 bytes: 2^64 records until a collision is likely."""

    @lru_cache(maxsize=16_384)  # each stage asks for the same identities again
    def hash_of(kind: str, value: str) -> bytes:
        return hmac.digest(key, f"{kind}\x00{value}".encode(), "sha256")[:16]

    return hash_of
