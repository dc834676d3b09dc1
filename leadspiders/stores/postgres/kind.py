"""What makes two rows of a kind one or two: its keys, how sure each is, and how one record fills another."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Generic, TypeVar

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.extras import keep
from leadspiders.rules.likeness import Verdict
from leadspiders.stores.postgres.rows import Row

T = TypeVar("T", bound=Company | Contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """What the book must know of a kind of record.

    `keys` maps unique columns, the surest first, to the fields of the item that make them; `weak` are columns that two
    different rows may share; rows that differ in a column of `apart` are two, whatever less sure key they share, and
    the `shared` keys among those stay with their first owner while both keep the value; so are rows with one `loose`
    key that differ in all columns of one of its groups, unless `judge` says otherwise; `columns` hold what a record
    says; `to_keys` makes the columns of `keys` and `weak` alone; `merge(into, other)` fills one item from another;
    `judge` compares two that have nearly one `name`.
    """

    keys: dict[str, tuple[str, ...]]
    weak: tuple[str, ...]
    apart: tuple[str, ...]
    shared: frozenset[str]
    loose: dict[str, tuple[tuple[str, ...], ...]]
    columns: tuple[str, ...]
    to_keys: Callable[[T], Row]
    to_row: Callable[[T], Row]
    to_item: Callable[[Row], T]
    merge: Callable[[T, T], None]
    judge: Callable[[T, T], Verdict]
    name: Callable[[T], str | None]

    def differ(self, key: str, one: Row, other: Row) -> bool:
        """Whether two rows with one `key` are two: a surer column differs, and what they say does not make them one."""
        surer = self.apart[: self.apart.index(key)] if key in self.apart else self.apart
        if not _apart(one, other, surer, any) and not any(
            _apart(one, other, columns, all) for columns in self.loose.get(key, ())
        ):
            return False
        return self.judge(self.to_item(readable(one)), self.to_item(readable(other))).outcome != "same"

    def compatible(self, one: Row, other: Row) -> bool:
        """Whether nothing sets the two apart. Ids of different providers say nothing about each other."""
        return not any(
            one[key] is not None
            and other[key] is not None
            and one[key] != other[key]
            and (key != "provider_key" or _provider(one) == _provider(other))
            for key in (*self.keys, *self.apart)
        )

    def may_be(self, one: Row, other: Row) -> bool:
        """Whether a key that both have makes them one. Where they have none in common, nothing speaks against it."""
        common = [key for key in (*self.keys, *self.weak) if one[key] is not None and one[key] == other[key]]
        return not common or not all(self.differ(key, one, other) for key in common)

    def adds(self, held: Row, row: Row) -> bool:
        """Whether the record says anything that is not held already. Most companies come with each of their people."""
        for name in self.columns:
            value, known = row[name], held[name]
            if value is None or value == known:
                continue
            # Of the extras and flags only what is not there adds anything.
            if not (isinstance(value, dict | list) and known is not None and set(value) <= set(known)):
                return True
        return False

    def without(self, item: T, row: Row, keys: Sequence[str]) -> tuple[T, Row]:
        """The record without keys that are another's. What both may hold stays, what only one can goes to `extras`."""
        item = copied(item)
        for key in keys:
            if key in self.shared:
                continue
            for name in self.keys[key]:
                if (value := getattr(item, name)) is not None:
                    keep(item.extras, f"{name}_also", value)
                    setattr(item, name, None)
        return item, row | self.to_row(item) | dict.fromkeys(keys)


def copied(item: T) -> T:
    """The item and what it holds, to be changed while the record is still on its way through the stages."""
    made = copy(item)
    made.extras, made.lineage = dict(item.extras), dict(item.lineage)
    if isinstance(made, Contact):
        made.flags, made.company = list(made.flags), copied(made.company)
    return made


def readable(row: Row) -> Row:
    """A row as it is read: the row of a record has no id yet, and its lineage is not in the stored form."""
    return row | {"id": row.get("id"), "lineage": {}}


def _apart(one: Row, other: Row, columns: Sequence[str], some: Callable[[Iterator[bool]], bool]) -> bool:
    """Whether both rows know some (any or all) of these columns, and say different things."""
    return bool(columns) and some(
        one[name] is not None and other[name] is not None and one[name] != other[name] for name in columns
    )


def _provider(row: Row) -> str:
    return str(row["provider_id"]).partition(":")[0]
