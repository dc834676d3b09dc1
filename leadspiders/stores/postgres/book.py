"""Finds out which records are the same company or person, among those of a batch and those that are stored.

Records are entered one after the other, each found by any of its keys: a record of this batch is met by the next one
just as if it were stored already, so that twins inside a batch need no rule of their own. When a record ties two rows
together that nothing sets apart, one is folded into the other. A record that no key finds is held against its block;
what may be one and is not surely so is noted as a pair for people to decide.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Generic
from uuid import UUID

from leadspiders.rules.likeness import Verdict
from leadspiders.stores.postgres.entries import Doubt, Entry, own
from leadspiders.stores.postgres.kind import Kind, T, copied, readable
from leadspiders.stores.postgres.likely import MOST_COMPARED, likely
from leadspiders.stores.postgres.rows import Row


class Book(Generic[T]):
    """Entries of one kind. `new_id` gives ids to new rows."""

    def __init__(self, kind: Kind[T], new_id: Callable[[], UUID]) -> None:
        self._kind: Kind[T] = kind
        self._new_id = new_id
        self._entries: list[Entry[T]] = []
        self._by_id: dict[UUID, Entry[T]] = {}
        self._by_key: dict[tuple[str, object], Entry[T]] = {}
        self._by_weak: dict[tuple[str, object], list[Entry[T]]] = {}
        self._by_block: dict[bytes, list[Entry[T]]] = {}
        self._neighbors: dict[bytes, list[tuple[Row, T]]] = {}
        self._doubts: list[Doubt[T]] = []
        self._decided: frozenset[frozenset[UUID]] = frozenset()

    def stored(self, row: Row) -> None:
        """Enter a row that is in the database."""
        self._enter(Entry(row=row, new=False))

    def knows(self, row: Row, known_id: UUID | None) -> bool:
        """Whether a key of a record, or the id that it is stored under, finds anybody so far."""
        if known_id in self._by_id:
            return True
        for key in self._kind.keys:  # noqa: SIM110  a generator takes longer than the look
            if (key, row[key]) in self._by_key:
                return True
        return False

    def rows(self) -> list[Row]:
        """The stored rows that were entered."""
        return [entry.row for entry in self._entries if not entry.new]

    def of(self, id_: UUID | None) -> Entry[T] | None:
        """The entry of a row, or the one that it was folded into."""
        entry = self._by_id.get(id_) if id_ else None
        return entry and entry.final()

    def keep_apart(self, pairs: Iterable[tuple[UUID, UUID]]) -> None:
        """Name stored rows of which people have said that they are two."""
        self._decided = frozenset(map(frozenset, pairs))

    def beside(self, rows: Sequence[Row]) -> None:
        """Name stored rows that records are compared with and that are no part of the batch."""
        for row in rows:
            if row["id"] not in self._by_id:
                item = self._kind.to_item(readable(row))
                self._neighbors.setdefault(row["block_key"], []).append((row, item))

    def surely(self, item: T, row: Row) -> UUID | None:
        """The neighbor that a record is for sure, though they have no key in common."""
        neighbors = self._neighbors.get(row["block_key"], ())
        near = likely(
            self._kind, item, [(one["id"], other) for one, other in neighbors if self._kind.compatible(one, row)]
        )
        return next((key for key, verdict in near if verdict.outcome == "same"), None)

    def add(self, item: T, row: Row, known_id: UUID | None) -> tuple[Entry[T], bool]:
        """Enter a record and its row; `known_id` is where it is stored, if it was looked up before.

        Returns its entry, and whether the record made it.
        """
        found, others = self._found(row, known_id)
        kept_back = {key: row[key] for key, _ in others if key in self._kind.shared}
        given = item
        if others:
            item, row = self._kind.without(item, row, [key for key, _ in others if key in self._kind.keys])
        near = [] if found else self._around(item, row)
        found = found or [
            entry
            for entry, verdict in near[:1]
            if verdict.outcome == "same" and isinstance(entry, Entry) and self._kind.compatible(entry.row, row)
        ]
        if not found:
            target = Entry(row=row | {"id": self._new_id()}, new=True, item=item)
            self._enter(target)
            self._doubts += [Doubt(target, entry, verdict) for entry, verdict in near[:1]]
        else:
            target = min(found, key=lambda entry: entry.new)  # what is stored stays; then the surest key
            for other in found:
                if other is not target:
                    item = self._unite(target, other, item)
            if item is not given or self._kind.adds(target.row, row):
                self._merge(target, item, kept_back)
        for _, other in others:
            self._doubt(target, other)
        return target, not found

    def entries(self) -> Iterator[Entry[T]]:
        """All that are to be kept."""
        return (entry for entry in self._entries if entry.folded_into is None)

    def doubts(self) -> Iterator[Doubt[T]]:
        """Pairs that nobody decided and that did not become one since."""
        return (doubt for doubt in self._doubts if len(set(doubt.ids())) == 2)

    def _enter(self, entry: Entry[T]) -> None:
        self._entries.append(entry)
        self._by_id[entry.row["id"]] = entry
        self._index(entry)
        if (block := entry.row["block_key"]) is not None:
            self._by_block.setdefault(block, []).append(entry)

    def _index(self, entry: Entry[T]) -> None:
        for key in self._kind.keys:
            if (value := entry.row[key]) is not None:
                self._by_key[key, value] = entry
        for weak in self._kind.weak:
            if (value := entry.row[weak]) is not None:
                sharers = self._by_weak.setdefault((weak, value), [])
                if entry not in sharers:
                    sharers.append(entry)

    def _found(self, row: Row, known_id: UUID | None) -> tuple[list[Entry[T]], list[tuple[str, Entry[T]]]]:
        """By its id, by its keys, and last the first sharer of each weak key that nothing sets apart.

        Second: whom it shares a key with and is not.
        """
        known = entry.final() if known_id and (entry := self._by_id.get(known_id)) else None
        found = [known] if known and self._kind.may_be(row, known.row) else []
        others: list[tuple[str, Entry[T]]] = []
        for key in self._kind.keys:
            if row[key] is None or (sharer := self._by_key.get((key, row[key]))) is None:
                continue
            one = sharer.final()
            if one in found:
                continue
            (others.append((key, one)) if self._kind.differ(key, row, one.row) else found.append(one))
        sure = [row, *(entry.row for entry in found)]
        for weak in self._kind.weak:
            sharers = [sharer.final() for sharer in self._by_weak.get((weak, row[weak]), ())] if row[weak] else []
            if not sharers or any(one in found for one in sharers):
                continue
            fitting = (
                one
                for one in sharers
                if all(self._kind.compatible(one.row, other) for other in sure)
                and not any(self._are_two(one, other) for other in found)
                and not self._kind.differ(weak, row, one.row)
            )
            fits = list(islice(fitting, 1))
            found += fits
            if not fits:
                others.append((weak, sharers[0]))
        return found, others

    def _around(self, item: T, row: Row) -> list[tuple[Entry[T] | UUID, Verdict]]:
        """Those of its block that the record may be, the most alike first, sure ones before all."""
        block = row["block_key"]
        if block is None or not (block in self._by_block or block in self._neighbors):
            return []
        entries = {entry.final().row["id"]: entry.final() for entry in self._by_block.get(block, ())[-MOST_COMPARED:]}
        items = [(key, entry.item or self._kind.to_item(readable(entry.row))) for key, entry in entries.items()]
        items += [(one["id"], other) for one, other in self._neighbors.get(block, ()) if one["id"] not in self._by_id]
        return [(entries.get(key, key), verdict) for key, verdict in likely(self._kind, item, items)]

    def _are_two(self, one: Entry[T], other: Entry[T]) -> bool:
        """Whether people have kept them apart."""
        return bool(self._decided) and any(
            frozenset((left, right)) in self._decided
            for left in (one.row["id"], *one.losers)
            for right in (other.row["id"], *other.losers)
        )

    def _doubt(self, one: Entry[T], other: Entry[T]) -> None:
        left, right = self._kind.to_item(readable(one.row)), self._kind.to_item(readable(other.row))
        verdict = self._kind.judge(left, right)
        if one is not other.final() and verdict.outcome != "different":
            self._doubts.append(Doubt(one, other, verdict))

    def _merge(self, target: Entry[T], item: T, kept_back: Row | None = None) -> None:
        into = own(target, self._kind)
        kept_back = (kept_back or {}) | self._kept_back(target, into)
        self._kind.merge(into, item)
        for column, value in self._kind.to_row(into).items():
            if column == "block_key" and value is None:
                continue  # that of a person needs the employer, which is a row of its own
            target.set(column, None if value is not None and kept_back.get(column) == value else value)
        self._index(target)

    def _kept_back(self, target: Entry[T], into: T) -> Row:
        """Keys that the row would have if another row did not have them."""
        held = target.row
        lacking = [key for key in self._kind.shared if held[key] is None and held[self._kind.keys[key][0]] is not None]
        return {key: value for key, value in self._kind.to_row(into).items() if key in lacking} if lacking else {}

    def _unite(self, target: Entry[T], other: Entry[T], item: T) -> T:
        """Fold the other into the target; where they are plainly two, the record loses the keys that the other owns."""
        if self._kind.compatible(target.row, other.row) and not self._are_two(target, other):
            other.folded_into = target
            target.losers += other.losers if other.new else [*other.losers, other.row["id"]]
            self._merge(target, own(other, self._kind))
            return item
        self._doubt(target, other)
        row = self._kind.to_row(item)
        item = copied(item)
        for key, names in self._kind.keys.items():
            if row[key] is not None and row[key] == other.row[key]:
                for name in names:
                    setattr(item, name, None)
        return item
