"""Reads an extract as it was downloaded: CSV or JSON, packed with gzip or not."""

import gzip
import io
import zlib
from collections.abc import Iterator

import msgspec

from leadspiders.apis.drift import Drift
from leadspiders.apis.records import Refuse, put_aside
from leadspiders.apis.sam_gov.pages import companies_in
from leadspiders.apis.sam_gov.table import read_table
from leadspiders.errors import Unreadable
from leadspiders.items.company import Company

# Whether the packing is the file's or the transfer's is not documented, so the first bytes decide.
GZIP = b"\x1f\x8b"


def read_extract(body: bytes, *, drift: Drift | None = None, refuse: Refuse | None = None) -> Iterator[Company]:
    """The companies of an extract; raises `Unreadable` when it was cut short or is neither CSV nor JSON."""
    try:
        raw: gzip.GzipFile | io.BytesIO = io.BytesIO(body)
        if body.startswith(GZIP):
            raw = gzip.GzipFile(fileobj=raw)
        first = raw.read(1)
        raw.seek(0)
        if first in {b"{", b"["}:
            yield from read_json(raw.read(), drift=drift, refuse=refuse)
            return
        with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as lines:
            yield from read_table(lines, drift=drift, refuse=refuse)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable("the extract was cut short or damaged on its way: get it again") from error


def read_json(body: bytes, *, drift: Drift | None = None, refuse: Refuse | None = None) -> Iterator[Company]:
    """The companies of a JSON answer or extract (an object with `entityData`, or the bare list).

    It is decoded whole, about 20 KB an entity: take the CSV form for more than some ten thousand.
    """
    try:
        found = msgspec.json.decode(body)
    except ValueError as error:
        raise Unreadable("the file is no whole JSON document: get it again") from error
    companies, broken = companies_in(found.get("entityData") if isinstance(found, dict) else found, drift)
    for record in broken:
        put_aside(record, refuse)
    yield from companies
