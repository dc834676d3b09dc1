"""What was seen and what became of it: runs, receipts, parked records, the log of crawls."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from leadspiders.stores.postgres.schema.columns import document, metadata, moment, sealed, text

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True),
    text("campaign", required=True),
    Column("sandbox", Boolean, nullable=False, server_default="false"),
    document("settings"),
    moment("started_at", now=True),
    moment("completed_at"),
    Index("runs_campaign", "campaign", "started_at"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("receipt", Text, primary_key=True),
    text("campaign", required=True),
    text("source", required=True),
    text("url"),
    Column("seen", Integer, nullable=False),
    document("counts"),
    Column("settled", ARRAY(Integer), nullable=False, server_default="{}"),
    # Fingerprints of the requests that the response led to, and whether it gave all it had: what a lost queue is
    # rebuilt from.
    Column("children", ARRAY(LargeBinary), nullable=False, server_default="{}"),
    Column("exhausted", Boolean, nullable=False, server_default="false"),
    # Where the response's body is kept: the month and hash of a raw record of this campaign.
    Column("raw_month", Date),
    Column("raw_hash", LargeBinary),
    moment("opened_at", now=True),
    moment("closed_at"),
    Index("receipts_campaign", "campaign", "opened_at"),
)

# Bodies of responses, once a month and campaign however often they were sent. A month is a table of the schema
# `raw_months`, and dropped as a whole.
raw_records = Table(
    "raw_records",
    metadata,
    Column("month", Date, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    text("source", required=True),
    Column("size", Integer, nullable=False),
    # Compressed, then sealed: what is sealed does not shrink any more.
    sealed("body", "bytes"),
    moment("received_at", now=True),
    Index("raw_records_age", "campaign", "received_at"),
    postgresql_partition_by="RANGE (month)",
)

scraping_logs = Table(
    "scraping_logs",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("campaign"),
    text("run_id"),
    text("source", required=True),
    text("worker"),
    Column("status", Text, nullable=False, server_default="running"),
    Column("records_processed", Integer, nullable=False, server_default="0"),
    Column("errors", Integer, nullable=False, server_default="0"),
    document("stats"),
    moment("started_at", now=True),
    moment("heartbeat_at", now=True),
    moment("completed_at"),
    Index("scraping_logs_campaign", "campaign", "started_at"),
)

parked_records = Table(
    "parked_records",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("campaign", required=True),
    text("run_id"),
    text("source"),
    text("receipt"),
    Column("record_index", Integer),
    text("stage", required=True),
    text("reason", required=True),
    sealed("payload", "document"),
    moment("created_at", now=True),
    Index(
        "parked_records_record_key",
        "run_id",
        "receipt",
        "record_index",
        unique=True,
        postgresql_where=sql("receipt IS NOT NULL"),
    ),
    Index("parked_records_campaign", "campaign", "reason"),
)

# Rows that a record once made and that are gone for a good cause: a lead that was folded into another, or erased.
removed_rows = Table(
    "removed_rows",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("relation", required=True),
    text("cause", required=True),
    Column("kept", Uuid),
    text("run_id"),
    text("receipt"),
    Column("record_index", Integer),
    moment("removed_at", now=True),
)

installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True),
    text("value", required=True),
)
