"""Pairs of rows that may be one company or person: what people decide, and what they decided."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, SmallInteger, Table, Text, Uuid
from sqlalchemy import text as sql

from leadspiders.stores.postgres.schema.columns import metadata, moment, text

pairs = Table(
    "pairs",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    text("relation", required=True),
    # In ascending order, so that a pair is there once.
    Column("one", Uuid, nullable=False),
    Column("other", Uuid, nullable=False),
    text("ground", required=True),
    Column("likeness", SmallInteger, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    moment("found_at", now=True),
    moment("decided_at"),
    CheckConstraint("relation IN ('companies', 'contacts')", name="relation"),
    CheckConstraint("state IN ('open', 'apart')", name="state"),
    CheckConstraint("one < other", name="once"),
    Index("pairs_key", "one", "other", unique=True),
    Index("pairs_other", "other"),
    Index("pairs_open", "id", postgresql_where=sql("state = 'open'")),
)
