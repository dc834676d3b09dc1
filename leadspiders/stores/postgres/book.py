"""Finds out which records are the same company or person, among those of a batch and those that are stored.

Records are entered one after the other, each found by any of its keys: a record of this batch is met by the next one
just as if it were stored already, so that twins inside a batch need no rule of their own. When a record ties two rows
together that nothing sets apart, one is folded into the other.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.rows import Row

T = TypeVar("T", bound=Company | Contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """What the book must know of a kind of record.

    `keys` maps unique columns, the surest first, to the fields of the item that make them; `weak` is a column that two
    different rows may share; `columns` hold what a record says; `merge(into, other)` fills one item from another.
    """

    keys: dict[str, tuple[str, ...]]
    weak: str | None
    columns: tuple[str, ...]
    to_row: Callable[[T], Row]
    to_item: Callable[[Row], T]
    merge: Callable[[T, T], None]


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


class Book(Generic[T]):
    """Entries of one kind. `new_id` gives ids to new rows."""

    def __init__(self, kind: Kind[T], new_id: Callable[[], UUID]) -> None:
        self._kind: Kind[T] = kind
        self._new_id = new_id
        self._entries: list[Entry[T]] = []
        self._by_id: dict[UUID, Entry[T]] = {}
        self._by_key: dict[tuple[str, object], Entry[T]] = {}
        self._by_weak: dict[object, list[Entry[T]]] = {}

    def stored(self, row: Row) -> None:
        """Enter a row that is in the database."""
        self._enter(Entry(row=row, new=False))

    def add(self, item: T, row: Row, known_id: UUID | None) -> tuple[Entry[T], bool]:
        """Enter a record and its row; `known_id` is where it is stored, if it was looked up before.

        Returns its entry, and whether the record made it.
        """
        found = self._found(row, known_id)
        if not found:
            entry = Entry(row=row | {"id": self._new_id()}, new=True, item=item)
            self._enter(entry)
            return entry, True
        target = min(found, key=lambda entry: entry.new)  # what is stored stays; then the surest key
        given = item
        for other in found:
            if other is not target:
                item = self._unite(target, other, item)
        if item is not given or self._adds(target.row, row):
            self._merge(target, item)
        return target, False

    def entries(self) -> Iterator[Entry[T]]:
        """All that are to be kept."""
        return (entry for entry in self._entries if entry.folded_into is None)

    def _enter(self, entry: Entry[T]) -> None:
        self._entries.append(entry)
        self._by_id[entry.row["id"]] = entry
        self._index(entry)

    def _index(self, entry: Entry[T]) -> None:
        for key in self._kind.keys:
            if (value := entry.row[key]) is not None:
                self._by_key[key, value] = entry
        if self._kind.weak and (value := entry.row[self._kind.weak]) is not None:
            sharers = self._by_weak.setdefault(value, [])
            if entry not in sharers:
                sharers.append(entry)

    def _found(self, row: Row, known_id: UUID | None) -> list[Entry[T]]:
        """By its id, by its keys, and last the first sharer of the weak key that nothing sets apart."""
        candidates = [self._by_id.get(known_id)] if known_id else []
        candidates += [self._by_key.get((key, row[key])) for key in self._kind.keys if row[key] is not None]
        found = list(dict.fromkeys(entry.final() for entry in candidates if entry))
        sure = [row, *(entry.row for entry in found)]
        sharers = self._by_weak.get(self._kind.weak and row[self._kind.weak], [])
        likely = (sharer.final() for sharer in sharers)
        fitting = (one for one in likely if one in found or all(self._compatible(one.row, other) for other in sure))
        return list(dict.fromkeys([*found, *islice(fitting, 1)]))

    def _compatible(self, one: Row, other: Row) -> bool:
        """Whether nothing sets the two apart. Ids of different providers say nothing about each other."""
        return not any(
            one[key] is not None
            and other[key] is not None
            and one[key] != other[key]
            and (key != "provider_key" or _provider(one) == _provider(other))
            for key in self._kind.keys
        )

    def _adds(self, held: Row, row: Row) -> bool:
        """Whether the record says anything that is not held already. Most companies come with each of their people."""
        return any(row[name] is not None and row[name] != held[name] for name in self._kind.columns)

    def _merge(self, target: Entry[T], item: T) -> None:
        into = _own(target, self._kind)
        self._kind.merge(into, item)
        for column, value in self._kind.to_row(into).items():
            target.set(column, value)
        self._index(target)

    def _unite(self, target: Entry[T], other: Entry[T], item: T) -> T:
        """Fold the other into the target; where they are plainly two, the record loses the keys that the other owns."""
        if self._compatible(target.row, other.row):
            other.folded_into = target
            target.losers += other.losers if other.new else [*other.losers, other.row["id"]]
            self._merge(target, _own(other, self._kind))
            return item
        row = self._kind.to_row(item)
        item = _copied(item)
        for key, names in self._kind.keys.items():
            if row[key] is not None and row[key] == other.row[key]:
                for name in names:
                    setattr(item, name, None)
        return item


def _own(entry: Entry[T], kind: Kind[T]) -> T:
    """The entry's item, as a copy that may be changed: the record itself is still on its way through the stages."""
    if not entry.own:
        entry.item = kind.to_item(entry.row) if entry.item is None else _copied(entry.item)
        entry.row["lineage"] = dict(entry.item.lineage)  # in the form that it is compared in
        entry.own = True
    assert entry.item
    return entry.item


def _copied(item: T) -> T:
    copied = copy(item)
    copied.extras, copied.lineage = dict(item.extras), dict(item.lineage)
    if isinstance(copied, Contact):
        copied.flags, copied.company = list(copied.flags), Company()
    return copied


def _provider(row: Row) -> str:
    return str(row["provider_id"]).partition(":")[0]
