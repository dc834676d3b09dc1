"""How values lie sealed in the tables: each bound to its table, column and row, so that none opens in another's place.

What was read keeps its sealed form, and a row that is written again keeps it too where the value is the same.
"""

from typing import Any, Protocol

import msgspec
import psycopg
from sqlalchemy import Table

from leadspiders.errors import SetupError
from leadspiders.stores.postgres.schema.columns import SEALED
from leadspiders.stores.postgres.text import as_json

AS_READ = "sealed as read"
"""In a row that may be written again: `{column: (what was inside, the sealed form)}`."""


class Vault(Protocol):
    """What seals and opens; `purpose` is the place that a value is bound to."""

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """The bytes in a form that only `open` with the same purpose turns back."""

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed; raises `SetupError`."""


class NoVault:
    """Stands where nobody gave a vault: reads and writes what is not sealed, and refuses the rest."""

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Refuse rather than write in clear."""
        raise SetupError(f"the {purpose} cannot be sealed: this connection was opened without a vault")

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Refuse."""
        raise SetupError(f"the {purpose} cannot be read: this connection was opened without a vault")


NO_VAULT = NoVault()


def place(table: str, column: str, *key: object) -> str:
    """What a value is bound to; `key` is the primary key of its row."""
    return f"{column} in {table} {' '.join(one.hex() if isinstance(one, bytes) else str(one) for one in key)}"


class SealedColumns:
    """The sealed columns of a table whose rows are plain dicts: texts and documents, by the id of the row."""

    def __init__(self, table: Table) -> None:
        self._columns: list[tuple[str, str, str]] = [
            (column.name, column.info[SEALED], place(table.name, column.name, ""))
            for column in table.columns
            if SEALED in column.info
        ]

    def seal(self, vault: Vault, row: dict[str, Any]) -> dict[str, bytes | None]:
        """The sealed columns of a row as they are written; what is empty is NULL."""
        if not self._columns:
            return {}
        as_read, key = row.get(AS_READ, {}), str(row["id"])
        sealed: dict[str, bytes | None] = {}
        for column, form, where in self._columns:
            if not (value := row[column]):
                sealed[column] = None
                continue
            plain = _text(value, column) if form == "text" else as_json(value).encode()
            before = as_read.get(column)
            sealed[column] = before[1] if before and before[0] == plain else vault.seal(plain, where + key)
        return sealed

    def open(self, vault: Vault, row: dict[str, Any]) -> dict[str, tuple[bytes, bytes]]:
        """Turn the sealed columns of a row into what is inside; returns what belongs under `AS_READ`."""
        as_read, key = {}, str(row["id"])
        for column, form, where in self._columns:
            if (sealed := row.get(column)) is not None:
                plain = vault.open(sealed, where + key)
                as_read[column] = (plain, sealed)
                row[column] = plain.decode() if form == "text" else msgspec.json.decode(plain)
            elif form == "document" and column in row:
                row[column] = {}
        return as_read


def _text(value: object, column: str) -> bytes:
    if not isinstance(value, str):
        raise psycopg.DataError(f"{column} is no text")
    return value.encode("utf-8", "replace")
