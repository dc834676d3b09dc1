"""What the guard at the network door notes: every request that went out, and what an operator is told of."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, SmallInteger, Table, Uuid
from sqlalchemy import text as sql

from leadspiders.stores.postgres.schema.columns import document, metadata, moment, text

audit = Table(
    "audit",
    metadata,
    # Numbers have no gaps: a row that is missing leaves one.
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    moment("at", required=True),
    text("run_id", required=True),
    text("campaign", required=True),
    text("spider", required=True),
    text("worker", required=True),
    text("api"),
    text("purpose"),
    text("method", required=True),
    text("url", required=True),
    Column("status", SmallInteger),
    text("error"),
    Column("bytes", BigInteger, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    text("credential"),
    Column("subjects", LargeBinary, nullable=False),
    Column("subject_count", Integer, nullable=False),
    document("headers"),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_at", "at"),
)

# Where the trail ends, and where it begins since older rows were dropped. One row.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("dropped_number", BigInteger, nullable=False),
    Column("dropped_hash", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("kind", required=True),
    text("subject", required=True),
    text("campaign"),
    text("run_id"),
    document("details"),
    moment("opened_at", now=True),
    moment("closed_at"),
    # One at a time: whoever notices it second finds it open.
    Index("incidents_open_key", "kind", "subject", unique=True, postgresql_where=sql("closed_at IS NULL")),
    Index("incidents_opened", "opened_at"),
)
