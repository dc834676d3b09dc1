"""By what the opt-out list may know the rows of one batch: as they are stored, and as they are about to be written."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from leadspiders.stores.postgres.entries import Entry
from leadspiders.stores.postgres.rows import KeyedHash, Row
from leadspiders.stores.postgres.stored_traits import Trait, lasting_traits, other_traits, stored_traits


class KnownBy:
    """Companies and people alike, each by its id; what an employer is known by is its own."""

    def __init__(self, keyed_hash: KeyedHash) -> None:
        self._keyed_hash = keyed_hash
        self._lasting: dict[UUID, set[Trait]] = {}
        self._traits: dict[UUID, set[bytes]] = {}

    def stored(self, rows: Iterable[Row]) -> None:
        """Take rows as they came from the database."""
        for row in rows:
            self._lasting[row["id"]], self._traits[row["id"]] = lasting_traits(row), stored_traits(row)

    def write(self, entries: Iterable[Entry[Any]]) -> None:
        """Put into each row that comes or changes what is no key of it, and take it with that."""
        for entry in entries:
            if entry.new or entry.changed or entry.losers:
                row = entry.row
                if entry.new:  # nothing that is stored became part of it
                    row["traits"] = other_traits(row, self._keyed_hash)
                    self._traits[row["id"]] = stored_traits(row)
                else:
                    of_it = (row["id"], *entry.losers)
                    before = set().union(*(self._lasting[id_] for id_ in of_it))
                    entry.set("traits", other_traits(row, self._keyed_hash, before))
                    self._traits[row["id"]] = stored_traits(row).union(*map(self.of, of_it))

    def of(self, id_: UUID | None) -> set[bytes]:
        """Hashes of the traits of a row; none of one that nobody met."""
        return self._traits.get(id_, set()) if id_ else set()
