"""What each offer brought, cost and took: the figures by which providers are compared and ordered."""

from sqlalchemy import CheckConstraint, Column, Double, Integer, Table, Text

from leadspiders.stores.postgres.schema.columns import metadata, moment

yields = Table(
    "yields",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("offer", Text, primary_key=True),  # provider/offer
    Column("field", Text, primary_key=True),
    Column("segment", Text, primary_key=True),  # size class/state, or size class/sector where employers are the leads
    Column("asked", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    # What the answers cost and took as a whole: an answer that was asked for two fields stands on both rows.
    Column("usd", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    moment("updated_at", now=True),
    CheckConstraint("0 <= found AND found <= asked", name="counts"),
)
