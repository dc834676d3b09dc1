"""The metadata that all tables share, and the columns that most of them have.

Constraint names follow one pattern, so that a migration can name what it drops.
"""

from typing import Literal

from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB

SEALED = "sealed"
"""In the `info` of a column: what lies sealed in it."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def text(name: str, *, required: bool = False) -> Column[str]:
    """Any text: Postgres has no use for lengths."""
    return Column(name, Text, nullable=not required)


def key(name: str) -> Column[bytes]:
    """A keyed hash of 16 bytes to find a record by, without the value in clear."""
    return Column(name, LargeBinary)


def sealed(name: str, form: Literal["text", "document", "bytes"]) -> Column[bytes]:
    """A value that nobody reads without the vault's keys; `form` is what it is once it is opened."""
    return Column(name, LargeBinary, info={SEALED: form})


def moment(name: str, *, required: bool = False, now: bool = False) -> Column[object]:
    """A point in time with its zone; `now` fills it with the time of the transaction."""
    return Column(
        name, DateTime(timezone=True), nullable=not (required or now), server_default=func.now() if now else None
    )


def document(name: str, *, default: str | None = "{}") -> Column[object]:
    """Loose data as JSON; empty rather than NULL unless `default` is None."""
    return Column(name, JSONB, nullable=default is None, server_default=default)
