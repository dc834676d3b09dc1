"""Many keyed hashes as one query parameter: psycopg's own way through a list takes a quarter of a look-up's time."""

from struct import Struct

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

BYTEA, BYTEA_ARRAY = 17, 1001
_EMPTY = Struct("!III").pack(0, 0, BYTEA)
_HEAD = Struct("!IIIII")
_LENGTH = Struct("!I").pack


class HashArray(tuple[bytes, ...]):
    """The hashes; Postgres takes it as `bytea[]`."""

    __slots__ = ()


class HashArrayDumper(Dumper):
    """The binary form of an array of one dimension without NULL."""

    format = Format.BINARY
    oid = BYTEA_ARRAY

    def dump(self, obj: HashArray) -> bytes:
        """Dimensions, then each value after its length."""
        if not obj:
            return _EMPTY
        parts = [_HEAD.pack(1, 0, BYTEA, len(obj), 1)]
        for one in obj:
            parts.append(_LENGTH(len(one)))
            parts.append(one)
        return b"".join(parts)


psycopg.adapters.register_dumper(HashArray, HashArrayDumper)
