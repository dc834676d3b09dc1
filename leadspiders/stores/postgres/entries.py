"""Rows on their way into a table, and pairs of them that people decide on."""

from dataclasses import dataclass, field
from typing import Generic
from uuid import UUID

from leadspiders.items.contact import Contact
from leadspiders.rules.likeness import Verdict
from leadspiders.stores.postgres.kind import Kind, T, copied
from leadspiders.stores.postgres.rows import Row


@dataclass(slots=True, eq=False)
class Entry(Generic[T]):
    """One row on its way: `changed` are columns that differ from what is stored, `losers` stored rows it takes over."""

    row: Row
    new: bool
    item: T | None = None
    own: bool = False
    changed: set[str] = field(default_factory=set)
    losers: list[UUID] = field(default_factory=list)
    folded_into: "Entry[T] | None" = None

    def final(self) -> "Entry[T]":
        """The entry itself, or the one it was folded into."""
        entry = self
        while entry.folded_into:
            entry = entry.folded_into
        return entry

    def set(self, column: str, value: object) -> None:
        """Change one column by itself."""
        if self.row[column] != value:
            self.row[column] = value
            self.changed.add(column)


@dataclass(slots=True, frozen=True)
class Doubt(Generic[T]):
    """Two entries that may be one, and why; `other` is a row that is stored when it is no entry."""

    one: Entry[T]
    other: Entry[T] | UUID
    verdict: Verdict

    def ids(self) -> tuple[UUID, UUID]:
        """The rows' ids, the lower first."""
        other = self.other if isinstance(self.other, UUID) else self.other.final().row["id"]
        first, last = sorted((self.one.final().row["id"], other))
        return first, last


def own(entry: Entry[T], kind: Kind[T]) -> T:
    """The entry's item, as a copy that may be changed: the record itself is still on its way through the stages."""
    if not entry.own:
        entry.item = copied(kind.to_item(entry.row) if entry.item is None else entry.item)
        entry.row["lineage"] = dict(entry.item.lineage)  # in the form that it is compared in
        if isinstance(entry.item, Contact):
            entry.item.company.id = entry.row["company_id"]
        entry.own = True
    assert entry.item
    return entry.item
