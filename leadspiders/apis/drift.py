"""Notices when a source changes its shape: which fields it lost, added or writes in another type, and how often.

A changed source otherwise shows as leads that quietly never become ready. Every reader takes a `Drift` and feeds it; an
alert fires on the share of records that differ.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec

Kind = Literal["unknown", "missing", "wrong type"]
FEWEST = 3
"""Records that differ before a share of them tells of a change: one odd reply of ten says nothing."""


class Drift:
    """Counts of differences between what a source sends and what its contract says.

    `fields` counts them by source, field and kind; `records` were looked at, of which `differing` lack something or
    write it in another type. A field that is new is counted, and makes no record differ: nothing is lost by it.
    """

    def __init__(self) -> None:
        self.fields: Counter[tuple[str, str, Kind]] = Counter()
        self.records: Counter[str] = Counter()
        self.differing: Counter[str] = Counter()
        self.losses = 0

    def note(self, source: str, field: str, kind: Kind) -> None:
        """One field of one record of `source` (`apollo.people`) differs; nested fields are written with dots."""
        self.fields[source, field, kind] += 1
        self.losses += kind != "unknown"

    def compare(self, source: str, record: Mapping[str, Any], kind: type[msgspec.Struct]) -> None:
        """Compare the field names of a decoded record with those its struct declares, blocks inside included."""
        self._walk(source, "", record, shape(kind))

    def looked_at(self, source: str, *, differs: bool) -> None:
        """One record of `source` was compared: tells the share of records that differ."""
        self.records[source] += 1
        self.differing[source] += differs

    def share(self, source: str) -> float:
        """Share of the compared records of `source` that lack something or write it in another type, 0-1."""
        return self.differing[source] / self.records[source] if self.records[source] else 0.0

    def above(self, limit: float) -> dict[str, float]:
        """Sources of which a larger share of records differs than `limit` (0-1), with that share; three records at
        least, or all of fewer."""
        counted = ((source, self.differing[source], self.records[source]) for source in sorted(self.records))
        many = [source for source, differing, of in counted if differing >= min(FEWEST, of)]
        return {source: share for source in many if (share := self.share(source)) > limit}

    def _walk(self, source: str, path: str, record: Mapping[str, Any], expected: "Shape") -> None:
        names = record.keys()
        for name in names - expected.known:
            self.note(source, path + name, "unknown")
        for name in expected.always - names:
            self.note(source, path + name, "missing")
        for name, block in expected.blocks:
            inside = record.get(name)
            if isinstance(inside, dict):
                self._walk(source, f"{path}{name}.", inside, block)


@dataclass(frozen=True, slots=True)
class Shape:
    """The names a block may hold, those it must hold, and the blocks inside it."""

    known: frozenset[str]
    always: frozenset[str]
    blocks: tuple[tuple[str, "Shape"], ...]


@cache
def shape(kind: type[msgspec.Struct]) -> Shape:
    """The shape a struct declares by its fields and three lists of names.

    `always`: sent with every record; `kept`: documented, goes to the extras of the item; `dropped`: documented, unused.
    """
    fields = msgspec.structs.fields(kind)
    inside = {field.encode_name: _struct_in(field.type) for field in fields}
    return Shape(
        known=frozenset(inside) | getattr(kind, "kept", frozenset()) | getattr(kind, "dropped", frozenset()),
        always=frozenset(field.encode_name for field in fields if field.required)
        | getattr(kind, "always", frozenset()),
        blocks=tuple((name, shape(block)) for name, block in inside.items() if block is not None),
    )


def _struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct in `Block` or `Block | None`, if that is what a field holds."""
    for part in getattr(annotation, "__args__", (annotation,)):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            return part
    return None
