"""Reads an extract as it was downloaded: CSV or JSON, packed with gzip or not, a piece at a time."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import IO

from leadspiders.apis.drift import Drift
from leadspiders.apis.records import Refuse, put_aside, read_records
from leadspiders.apis.sam_gov.entity import Entity, registration
from leadspiders.apis.sam_gov.entity_stream import entities
from leadspiders.apis.sam_gov.sieve import Bundle, Sieve
from leadspiders.apis.sam_gov.table import read_table
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company
from leadspiders.items.left_out import LeftOut

# Whether the packing is the file's or the transfer's is not documented, so the first bytes decide.
GZIP = b"\x1f\x8b"
AT_ONCE = 100


def read_extract(
    body: bytes | IO[bytes], *, sieve: Sieve | None = None, drift: Drift | None = None, refuse: Refuse | None = None
) -> Iterator[Company | LeftOut]:
    """The companies of an extract, a body or an open file; what `sieve` leaves out is counted in bundles between them.

    Raises `Unreadable` when it was cut short or is neither CSV nor JSON.
    """
    raw = io.BufferedReader(io.BytesIO(body)) if isinstance(body, bytes) else body
    packed = raw.read(len(GZIP)) == GZIP
    raw.seek(0)
    try:
        plain: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        first = plain.read(1)
        plain.seek(0)
        with io.TextIOWrapper(plain, encoding="utf-8-sig", errors="replace", newline="") as text:
            if first in {b"{", b"["}:
                yield from read_json(text, sieve=sieve, drift=drift, refuse=refuse)
            else:
                yield from read_table(text, sieve=sieve, drift=drift, refuse=refuse)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable("the extract was cut short or damaged on its way: get it again") from error


def read_json(
    text: IO[str], *, sieve: Sieve | None = None, drift: Drift | None = None, refuse: Refuse | None = None
) -> Iterator[Company | LeftOut]:
    """The companies of a JSON answer or extract (an object with `entityData`, or the bare list)."""
    elements = entities(text)
    left = Bundle()
    start = 0
    while some := list(islice(elements, AT_ONCE)):
        read, broken = read_records(some, Entity, "sam_gov.entities", drift)
        for record in broken:
            put_aside(replace(record, index=start + record.index), refuse)
        start += len(some)
        for entity, _ in read:
            found = registration(entity)
            if sieve is None or not (out := sieve.judge(found)):
                yield found.company()
            elif bundle := left.add(out):
                yield bundle
    if bundle := left.taken():
        yield bundle
