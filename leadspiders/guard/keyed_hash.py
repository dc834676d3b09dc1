"""Turns an identity (an e-mail, a LinkedIn URL) into 16 bytes that nobody can turn back without the key.

Look-up, uniqueness and opt-outs work on these, so that the values themselves can be encrypted or erased.
"""

import hashlib
from collections.abc import Callable

KeyedHash = Callable[[str, str], bytes]
"""`(kind, value) -> 16 bytes`; kinds keep a phone number from matching a provider's id."""


def keyed_hash(key: bytes) -> KeyedHash:
    """BLAKE2b with a key of 1 to 64 bytes (RFC 7693), 16 bytes long: 2^64 records until a collision is likely.

    A lead takes a dozen, and an HMAC of SHA-256 costs six times as much.
    """
    keyed = hashlib.blake2b(key=key, digest_size=16)

    def hash_of(kind: str, value: str) -> bytes:
        hashed = keyed.copy()
        hashed.update(f"{kind}\x00{value}".encode())
        return hashed.digest()

    return hash_of
