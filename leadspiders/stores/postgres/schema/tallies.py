"""Running counts of leads and purchases, so that what a campaign has is read and not counted afresh.

Triggers append what each statement changes, within its transaction, so that no writer waits for another; now and then
one of them folds the changes into the sums. What counts is the sum of both tables, the view `tallied`. What a lead
counts for stands once, in the functions `lead_tallies` and `person_tallies`: see the migration, and `tallies.py` for
the check.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Numeric, Table, Text, Uuid
from sqlalchemy import text as sql

from leadspiders.stores.postgres.schema.columns import metadata, text

tallies = Table(
    "tallies",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("lead", Text, primary_key=True),  # contact, company, or none: what is no lead
    Column("figure", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("credits", Numeric, nullable=False),
    Column("usd", Numeric, nullable=False),
)

# Without a key: rows are appended, and taken out all together.
tally_changes = Table(
    "tally_changes",
    metadata,
    text("campaign", required=True),
    text("lead", required=True),
    text("figure", required=True),
    text("value", required=True),
    Column("number", BigInteger, nullable=False),
    Column("credits", Numeric, nullable=False, server_default="0"),
    Column("usd", Numeric, nullable=False, server_default="0"),
)

# The companies of a campaign: those that are leads, and those where leads work.
campaign_companies = Table(
    "campaign_companies",
    metadata,
    Column("company_id", Uuid, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("people", Integer, nullable=False),
    Column("itself", Integer, nullable=False),
    Column("others", Integer, nullable=False),  # leads that are rejected or suppressed
    Column("complete", Boolean, nullable=False),
    # Where most leads work; most companies have one.
    Index("campaign_companies_most", "campaign", "people", postgresql_where=sql("people > 1")),
)

TRIGGERS = {
    "prospects": ("tally_in", "tally_out", "tally_change"),
    "contacts": ("tally_change", "tally_leave"),
    "companies": ("tally_change", "tally_leave"),
    "campaign_companies": ("tally_in", "tally_change"),
    "spend": ("tally_in", "tally_out", "tally_change"),
    "outbox": ("tally_in", "tally_out", "tally_change"),
    "market_cells": ("tally_in", "tally_out"),
}
"""What keeps the counts, by table: without one of them they drift, and nothing else says so."""
