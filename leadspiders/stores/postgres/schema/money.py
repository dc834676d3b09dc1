"""What was spent, and what it bought: the ledger of paid facts, and their replies.

Replies stand apart, so that the sums behind every cap read small rows, and retention can drop replies without touching
the ledger.
"""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Numeric, Table, Text, Uuid
from sqlalchemy import text as sql

from leadspiders.stores.postgres.schema.columns import metadata, moment, text

spend = Table(
    "spend",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reservation", Uuid, nullable=False),
    text("campaign", required=True),
    text("run_id", required=True),
    text("provider", required=True),
    text("fact", required=True),
    text("lead"),
    text("state", required=True),
    Column("credits", Numeric, nullable=False),
    Column("usd", Numeric, nullable=False),
    moment("reserved_at", now=True),
    moment("settled_at"),
    CheckConstraint("state IN ('reserved', 'settled', 'void', 'unknown')", name="state"),
    CheckConstraint("credits >= 0 AND usd >= 0", name="amounts"),
    # The same fact is bought once, whoever asks, in whichever campaign.
    Index("spend_fact_key", "provider", "fact", unique=True, postgresql_where=sql("state IN ('reserved', 'settled')")),
    Index("spend_fact", "provider", "fact"),
    Index("spend_campaign", "campaign"),
    Index("spend_reservation", "reservation"),
    Index("spend_lead", "campaign", "lead", postgresql_where=sql("lead IS NOT NULL")),
)

paid_replies = Table(
    "paid_replies",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("reply", LargeBinary),  # NULL: the provider was paid to say that it knows nothing
    moment("received_at", now=True),
)
