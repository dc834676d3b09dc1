"""What was seen and what became of it, and the markets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Tables and indexes."""
    op.create_table(
        "closed_sources",
        sa.Column("api", sa.Text(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("api", "credential", name=op.f("closed_sources_pkey")),
    )
    op.create_table(
        "watermarks",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("upto", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "source", "question", "file", name=op.f("watermarks_pkey")),
    )
    op.create_table(
        "installation",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("installation_pkey")),
    )
    op.create_table(
        "market_cells",
        sa.Column("area_fips", sa.Text(), nullable=False),
        sa.Column("own_code", sa.Text(), nullable=False),
        sa.Column("industry_code", sa.Text(), nullable=False),
        sa.Column("agglvl_code", sa.Text(), nullable=False),
        sa.Column("size_code", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("qtr", sa.Text(), nullable=False),
        sa.Column("disclosure_code", sa.Text(), nullable=False),
        sa.Column("establishments", sa.Integer()),
        sa.Column("employment", sa.Integer()),
        sa.Column("total_wages", sa.BigInteger()),
        sa.Column("avg_weekly_wage", sa.Integer()),
        sa.Column("size_min", sa.SmallInteger()),
        sa.Column("size_max", sa.SmallInteger()),
        sa.Column("unit", sa.Text(), server_default="establishments", nullable=False),
        sa.Column("extras", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("run_id", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("collected_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint(
            "area_fips",
            "own_code",
            "industry_code",
            "agglvl_code",
            "size_code",
            "year",
            "qtr",
            name=op.f("market_cells_pkey"),
        ),
    )
    op.create_index(
        "market_cells_sizes",
        "market_cells",
        ["size_code", "year"],
        unique=False,
        postgresql_where=sa.text("agglvl_code = '64'"),
    )
    op.create_table(
        "parked_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text()),
        sa.Column("source", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("record_index", sa.Integer()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("parked_records_pkey")),
    )
    op.create_index("parked_records_campaign", "parked_records", ["campaign", "reason"], unique=False)
    op.create_index(
        "parked_records_record_key",
        "parked_records",
        ["run_id", "receipt", "record_index"],
        unique=True,
        postgresql_where=sa.text("receipt IS NOT NULL"),
    )
    op.create_table(
        "receipts",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("settled", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("children", postgresql.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False),
        sa.Column("exhausted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("raw_month", sa.Date()),
        sa.Column("raw_hash", sa.LargeBinary()),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("run_id", "receipt", name=op.f("receipts_pkey")),
    )
    op.create_index("receipts_campaign", "receipts", ["campaign", "opened_at"], unique=False)
    op.create_table(
        "removed_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("kept", sa.Uuid()),
        sa.Column("run_id", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("record_index", sa.Integer()),
        sa.Column("removed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("removed_rows_pkey")),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("sandbox", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("settings", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("run_id", name=op.f("runs_pkey")),
    )
    op.create_index("runs_campaign", "runs", ["campaign", "started_at"], unique=False)
    op.create_table(
        "scraping_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.Text()),
        sa.Column("run_id", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("records_processed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stats", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("scraping_logs_pkey")),
    )
    op.create_index("scraping_logs_campaign", "scraping_logs", ["campaign", "started_at"], unique=False)
    op.create_table(
        "raw_records",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("month", "campaign", "hash", name=op.f("raw_records_pkey")),
        postgresql_partition_by="RANGE (month)",
    )
    op.create_index("raw_records_age", "raw_records", ["campaign", "received_at"], unique=False)
    # Bodies are compressed before they get here: a second attempt would only cost time.
    op.execute("ALTER TABLE raw_records ALTER COLUMN body SET STORAGE EXTERNAL")
    op.execute("CREATE SCHEMA raw_months")


def downgrade() -> None:
    """Without them."""
    op.drop_table("raw_records")
    op.execute("DROP SCHEMA raw_months")
    op.drop_table("scraping_logs")
    op.drop_table("runs")
    op.drop_table("removed_rows")
    op.drop_table("receipts")
    op.drop_table("parked_records")
    op.drop_table("market_cells")
    op.drop_table("installation")
    op.drop_table("watermarks")
    op.drop_table("closed_sources")
