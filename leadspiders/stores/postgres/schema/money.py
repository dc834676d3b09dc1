"""What was spent, and what it bought: the ledger of paid facts, its running totals, and the replies.

Replies stand apart, so that retention can drop replies without touching the ledger. Totals stand apart, so that a cap
is held by reading four rows, however long the ledger is.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, Numeric, Table, Text, Uuid
from sqlalchemy import text as sql

from leadspiders.stores.postgres.schema.columns import metadata, moment, sealed, text

spend = Table(
    "spend",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reservation", Uuid, nullable=False),
    text("campaign", required=True),
    text("run_id", required=True),
    text("provider", required=True),
    text("offer", required=True),
    text("fact", required=True),
    text("lead"),
    text("state", required=True),
    Column("credits", Numeric, nullable=False),
    Column("usd", Numeric, nullable=False),
    # The price in force on the day of the call, and where it stands: a date of the price list, or the campaign.
    Column("usd_per_credit", Numeric, nullable=False),
    text("price", required=True),
    Column("day", Date, nullable=False, server_default=sql("(now() AT TIME ZONE 'UTC')::date")),
    moment("reserved_at", now=True),
    # Just before the call left, and with which credential: before that moment nothing can have been charged.
    moment("sent_at"),
    text("account"),
    # What the provider knows a job by that was handed in: the answers are collected with it, by whomever, for nothing.
    text("ticket"),
    # Whose purchase it is, as in `scraping_logs`: one that is gone leaves no doubt that nobody settles it any more.
    text("worker"),
    moment("settled_at"),
    # When the fact was bought anew: a lost answer by the policy `always`, a "not known" that had grown old.
    moment("replaced_at"),
    CheckConstraint("state IN ('reserved', 'settled', 'void', 'unknown')", name="state"),
    CheckConstraint("credits >= 0 AND usd >= 0", name="amounts"),
    # The same fact is bought once, whoever asks, in whichever campaign.
    Index(
        "spend_fact_key",
        "provider",
        "fact",
        unique=True,
        postgresql_where=sql("state <> 'void' AND replaced_at IS NULL"),
    ),
    Index("spend_campaign", "campaign"),
    Index("spend_reservation", "reservation"),
    Index("spend_lead", "campaign", "lead", postgresql_where=sql("lead IS NOT NULL")),
    Index("spend_open", "campaign", "state", postgresql_where=sql("state IN ('reserved', 'unknown')")),
    Index("spend_provider", "provider", "reserved_at"),
    Index(
        "spend_tickets",
        "provider",
        "sent_at",
        postgresql_where=sql("ticket IS NOT NULL AND state = 'unknown' AND replaced_at IS NULL"),
    ),
)

# One row for each thing that has a cap: the campaign itself, and each of its runs, days and providers.
spend_totals = Table(
    "spend_totals",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("credits", Numeric, nullable=False),
    Column("usd", Numeric, nullable=False),
    CheckConstraint("scope IN ('campaign', 'run', 'day', 'provider')", name="scope"),
)

paid_replies = Table(
    "paid_replies",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    sealed("reply", "bytes"),  # NULL: the provider was paid to say that it knows nothing
    moment("received_at", now=True),
)

# What a provider said of the credits that our account has consumed: a call whose answer was lost is judged by it.
usage_readings = Table(
    "usage_readings",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("provider", required=True),
    text("account", required=True),
    text("cycle", required=True),
    Column("consumed", Numeric, nullable=False),
    moment("asked_at", required=True),
    moment("read_at", now=True),
    Index("usage_readings_provider", "provider", "account", "read_at"),
)
