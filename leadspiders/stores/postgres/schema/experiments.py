"""What became of leads after delivery: the outcomes that variants of the score are compared by."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKeyConstraint, Numeric, Table, Text, Uuid

from leadspiders.stores.postgres.schema.columns import metadata, moment, text

lead_outcomes = Table(
    "lead_outcomes",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("lead_id", Uuid, primary_key=True),
    text("outcome", required=True),
    Column("value_usd", Numeric),
    moment("happened_at"),
    # The variant and the verdict at that time: a later rescoring must not move an outcome to the other side.
    text("variant"),
    Column("was_qualified", Boolean, nullable=False),
    text("source", required=True),
    moment("imported_at", now=True),
    CheckConstraint("outcome IN ('won', 'lost')", name="outcome"),
    ForeignKeyConstraint(
        ["lead_id", "campaign"],
        ["prospects.lead_id", "prospects.campaign"],
        name="lead_outcomes_lead_fkey",
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
)
