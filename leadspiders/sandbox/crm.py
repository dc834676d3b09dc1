"""The records that a CRM was given, whatever API gave them, their properties, and links between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """One object in a CRM; all property values are strings. Times are seconds since 1970."""

    id: str
    properties: dict[str, str]
    created_at: float
    updated_at: float


@dataclass(slots=True)
class Crm:
    """Objects by kind (`contacts`) and id, the definitions of custom properties, links, and unique values.

    Links go (kind, id, other kind) -> other ids; unique values go kind -> property -> value in lower case -> id.
    """

    records: dict[str, dict[str, Record]] = field(default_factory=dict)
    properties: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    links: dict[tuple[str, str, str], dict[str, None]] = field(default_factory=dict)
    last_id: int = 8800
    changes: int = 0
    index: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def add(self, kind: str, properties: dict[str, str], now: float, unique: set[str]) -> Record:
        """A new record; `unique` names the properties that find it again."""
        self.last_id += 1
        record = Record(str(self.last_id), {}, now, now)
        self.records.setdefault(kind, {})[record.id] = record
        self.change(kind, record, properties, now, unique)
        return record

    def change(self, kind: str, record: Record, properties: dict[str, str], now: float, unique: set[str]) -> None:
        """Write some properties of a record."""
        for name in unique & set(properties):
            places = self.index.setdefault(kind, {}).setdefault(name, {})
            old = record.properties.get(name, "").lower()
            if places.get(old) == record.id:
                del places[old]
            if properties[name]:
                places[properties[name].lower()] = record.id
        record.properties.update(properties)
        record.updated_at = now
        self.changes += 1

    def remove(self, kind: str, record_id: str) -> None:
        """Archive a record; one that is not there is no error."""
        record = self.records.get(kind, {}).pop(record_id, None)
        if record is not None:
            for name, places in self.index.get(kind, {}).items():
                value = record.properties.get(name, "").lower()
                if places.get(value) == record_id:
                    del places[value]
            self.changes += 1

    def find(self, kind: str, name: str, value: str) -> Record | None:
        """The record whose unique property has this value."""
        found = self.index.get(kind, {}).get(name, {}).get(value.lower())
        return self.records[kind].get(found) if found else None

    def all(self, kind: str) -> Iterator[Record]:
        """Every record of a kind, oldest first."""
        return iter(list(self.records.get(kind, {}).values()))

    def link(self, kind: str, record_id: str, other_kind: str, other_id: str) -> None:
        """Connect two records, in both directions; twice is the same as once."""
        self.links.setdefault((kind, record_id, other_kind), {})[other_id] = None
        self.links.setdefault((other_kind, other_id, kind), {})[record_id] = None
        self.changes += 1

    def linked(self, kind: str, record_id: str, other_kind: str) -> list[str]:
        """The ids of what a record is connected to."""
        return list(self.links.get((kind, record_id, other_kind), {}))

    def clear(self) -> None:
        """Empty it: no records, links or custom properties."""
        for part in (self.records, self.properties, self.links, self.index):
            part.clear()
        self.changes += 1
