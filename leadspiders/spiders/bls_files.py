"""Reads QCEW files from disk row by row: single files, all members of a zip, what was asked for out of a bulk zip."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

from leadspiders.apis.bls.bulk import among, may_hold
from leadspiders.apis.bls.rows import read_rows
from leadspiders.apis.bls.slices import By
from leadspiders.apis.drift import Drift
from leadspiders.apis.records import Refuse
from leadspiders.errors import NotPublished
from leadspiders.items.left_out import LeftOut
from leadspiders.items.market_cell import MarketCell
from leadspiders.spiders.local_files import texts

LEFT_OUT_AT_ONCE = 10_000
"""Rows that nobody asked for are counted in lots: each gives the rest of the crawl a moment."""


def read_file(path: Path, drift: Drift, refuse: Refuse) -> Iterator[MarketCell]:
    """The cells of a slice or bulk file (`.csv`), or of all those in a `.zip`."""
    yield from _rows(texts(path, ".csv", newline=""), drift, refuse)


def read_bulk(
    path: Path, drift: Drift, refuse: Refuse, *, by: By, quarter: str, codes: Collection[str]
) -> Iterator[MarketCell | LeftOut]:
    """The cells of a bulk zip that stand in the slices of these codes, and how many rows were left out.

    Members of an area or industry that nobody asked for are not opened. Raises `NotPublished` when nothing is left.
    """
    wanted = among(by, quarter, codes)
    members = (lines for lines in texts(path, ".csv", newline="") if may_hold(lines.name, codes))
    found = others = 0
    for cell in _rows(members, drift, refuse):
        if wanted(cell):
            found += 1
            yield cell
            continue
        others += 1
        if others == LEFT_OUT_AT_ONCE:
            yield LeftOut(reasons={"not-asked": others})
            others = 0
    if others:
        yield LeftOut(reasons={"not-asked": others})
    if not found:
        raise NotPublished(f"the file has no row of {', '.join(sorted(codes))} in this quarter")


def _rows(files: Iterable[IO[str]], drift: Drift, refuse: Refuse) -> Iterator[MarketCell]:
    """The cells of all files; one of many may have a header and no rows."""
    empty: NotPublished | None = None
    some = False
    for lines in files:
        try:
            for cell in read_rows(lines, drift=drift, refuse=refuse):
                some = True
                yield cell
        except NotPublished as nothing:
            empty = nothing
    if empty and not some:
        raise empty
