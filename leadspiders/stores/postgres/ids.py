"""Ids of new rows: UUIDs of version 7 (RFC 9562), which ascend with time.

Random ids would scatter new rows over the whole index; these go to its end, and the order of ids is the order in which
records came. Python has them from 3.14 on only.
"""

import os
import time
from uuid import UUID

VERSION, VARIANT = 0x7 << 76, 0x2 << 62


class Ids:
    """Each id is greater than the one before, within a millisecond too, and whatever the clock does."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        """48 bits of Unix time in milliseconds, then 74 bits: random, or a little more than those of the last id."""
        random = int.from_bytes(os.urandom(10)) >> 6
        bits = (time.time_ns() // 1_000_000) << 74 | random
        if bits <= self._last:
            bits = self._last + 1 + (random & 0xFFFF_FFFF)
        self._last = bits
        head, middle, tail = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
        return UUID(int=head << 80 | VERSION | middle << 64 | VARIANT | tail)


new_id = Ids()
