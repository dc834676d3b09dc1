"""What waits for the CRMs and dialers, and who must not be written to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from leadspiders.stores.postgres.schema.columns import key, metadata, moment, text

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    text("campaign", required=True),
    text("destination", required=True),
    Column("lead_id", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    # Counts the changes of the lead: what changes while it is being sent is sent again.
    Column("version", Integer, nullable=False, server_default="1"),
    text("external_id"),
    # Under what else the destination has the lead, or had it: two that were sent turned out to be one.
    Column("other_ids", ARRAY(Text), nullable=False, server_default="{}"),
    text("last_error"),
    moment("leased_until"),
    moment("retry_at"),
    moment("sent_at"),
    moment("created_at", now=True),
    moment("updated_at", now=True),
    CheckConstraint("state IN ('pending', 'leased', 'sent', 'failed', 'dead', 'suppressed')", name="state"),
    ForeignKeyConstraint(
        ["lead_id", "campaign"],
        ["prospects.lead_id", "prospects.campaign"],
        name="outbox_lead_fkey",
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    Index("outbox_lead_key", "lead_id", "campaign", "destination", unique=True),
    Index(
        "outbox_waiting",
        "campaign",
        "destination",
        "id",
        postgresql_where=sql("state IN ('pending', 'leased', 'failed')"),
    ),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    text("kind", required=True),
    text("reason", required=True),
    key("derived_from"),
    moment("added_at", now=True),
    # Goes with the entry that it was derived from.
    Index("suppressions_derived", "derived_from", postgresql_where=sql("derived_from IS NOT NULL")),
)
