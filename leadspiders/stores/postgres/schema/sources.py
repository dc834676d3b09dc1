"""What is known of the sources themselves: how far each was read, and which are closed for now."""

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, Text

from leadspiders.stores.postgres.schema.columns import metadata, moment, text

closed_sources = Table(
    "closed_sources",
    metadata,
    Column("api", Text, primary_key=True),
    # A keyed hash: another key of the same API may still be served.
    Column("credential", LargeBinary, primary_key=True),
    moment("until", required=True),
    text("reason", required=True),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("file", Text, primary_key=True, server_default=""),
    Column("since", Date),
    Column("upto", Date, nullable=False),
    Column("complete", Boolean, nullable=False, server_default="false"),
    Column("gaps", Integer, nullable=False, server_default="0"),
    moment("created_at", now=True),
)
