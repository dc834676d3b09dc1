"""Writes rows, which are plain dicts, in bulk: COPY for what is new, one prepared UPDATE for all that changed."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB

from leadspiders.stores.postgres.lineage import packed
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.sealed import SealedColumns, Vault
from leadspiders.stores.postgres.text import as_json

FILLED_BY_POSTGRES = {"created_at", "updated_at"}


class Rows:
    """How rows of one table are written. `fixed` are columns that an update leaves alone, besides the key."""

    def __init__(self, table: Table, *, key: Sequence[str], fixed: Sequence[str] = ()) -> None:
        written = [
            column
            for column in table.columns
            if column.computed is None and column.identity is None and column.name not in FILLED_BY_POSTGRES
        ]
        names = [column.name for column in written]
        changing = [name for name in names if name not in {*key, *fixed}]
        self._documents = frozenset(column.name for column in written if isinstance(column.type, JSONB))
        self._documents_at = [(place, name) for place, name in enumerate(names) if name in self._documents]
        self._sealed = SealedColumns(table)
        self._in_order = itemgetter(*names)
        self._places = {name: place for place, name in enumerate(names)}
        self._parameters = (*changing, *key)
        self.copy = (
            sql.SQL("COPY {} ({}) FROM STDIN")
            .format(sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names)))
            .as_bytes()
        )
        self._update = sql.SQL("UPDATE {} SET {}, updated_at = now() WHERE {}").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changing),
            sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in key),
        )

    async def insert(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows that are not there yet."""
        if not rows:
            return
        async with connection.cursor() as cursor, cursor.copy(self.copy) as copy:
            for row in rows:
                await copy.write_row(self.copied(connection.vault, row))

    def copied(self, vault: Vault, row: dict[str, Any]) -> list[Any]:
        """A row as COPY takes it: in the order of the columns, sealed, its documents as JSON."""
        values = list(self._in_order(row))
        for name, value in self._sealed.seal(vault, row).items():
            values[self._places[name]] = value
        for place, name in self._documents_at:
            values[place] = _document(name, values[place])
        return values

    async def update(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows that are there; all their changing columns are set."""
        if rows:
            async with connection.cursor() as cursor:
                await cursor.executemany(
                    self._update, [self._values(self._with_sealed(connection, row)) for row in rows]
                )

    def _with_sealed(self, connection: Connection, row: dict[str, Any]) -> dict[str, Any]:
        return row | self._sealed.seal(connection.vault, row)

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        return [_document(name, row[name]) if name in self._documents else row[name] for name in self._parameters]


def _document(name: str, value: Any) -> str | None:
    if value is None:
        return None
    return as_json(packed(value) if name == "lineage" else value)
