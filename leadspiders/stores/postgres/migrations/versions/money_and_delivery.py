"""What was spent, what waits to be delivered, and who must not be written to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Tables and indexes."""
    op.create_table(
        "paid_replies",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("reply", sa.LargeBinary()),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("provider", "fact", name=op.f("paid_replies_pkey")),
    )
    op.create_table(
        "spend",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reservation", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("credits", sa.Numeric(), nullable=False),
        sa.Column("usd", sa.Numeric(), nullable=False),
        sa.Column("usd_per_credit", sa.Numeric(), nullable=False),
        sa.Column("price", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), server_default=sa.text("(now() AT TIME ZONE 'UTC')::date"), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("account", sa.Text()),
        sa.Column("ticket", sa.Text()),
        sa.Column("worker", sa.Text()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('reserved', 'settled', 'void', 'unknown')", name=op.f("spend_state_check")),
        sa.CheckConstraint("credits >= 0 AND usd >= 0", name=op.f("spend_amounts_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("spend_pkey")),
    )
    op.create_index("spend_campaign", "spend", ["campaign"], unique=False)
    op.create_index(
        "spend_fact_key",
        "spend",
        ["provider", "fact"],
        unique=True,
        postgresql_where=sa.text("state <> 'void' AND replaced_at IS NULL"),
    )
    op.create_index(
        "spend_lead", "spend", ["campaign", "lead"], unique=False, postgresql_where=sa.text("lead IS NOT NULL")
    )
    op.create_index(
        "spend_open",
        "spend",
        ["campaign", "state"],
        unique=False,
        postgresql_where=sa.text("state IN ('reserved', 'unknown')"),
    )
    op.create_index("spend_provider", "spend", ["provider", "reserved_at"], unique=False)
    op.create_index("spend_reservation", "spend", ["reservation"], unique=False)
    op.create_index(
        "spend_tickets",
        "spend",
        ["provider", "sent_at"],
        unique=False,
        postgresql_where=sa.text("ticket IS NOT NULL AND state = 'unknown' AND replaced_at IS NULL"),
    )
    op.create_table(
        "spend_totals",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credits", sa.Numeric(), nullable=False),
        sa.Column("usd", sa.Numeric(), nullable=False),
        sa.CheckConstraint("scope IN ('campaign', 'run', 'day', 'provider')", name=op.f("spend_totals_scope_check")),
        sa.PrimaryKeyConstraint("campaign", "scope", "name", name=op.f("spend_totals_pkey")),
    )
    op.create_table(
        "usage_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("consumed", sa.Numeric(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("usage_readings_pkey")),
    )
    op.create_index("usage_readings_provider", "usage_readings", ["provider", "account", "read_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("other_ids", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'sent', 'failed', 'dead', 'suppressed')", name=op.f("outbox_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id", "campaign"],
            ["prospects.lead_id", "prospects.campaign"],
            name="outbox_lead_fkey",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
    )
    op.create_index("outbox_lead_key", "outbox", ["lead_id", "campaign", "destination"], unique=True)
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["campaign", "destination", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'leased', 'failed')"),
    )
    op.create_table(
        "suppressions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("derived_from", sa.LargeBinary()),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("suppressions_pkey")),
    )
    op.create_index(
        "suppressions_derived",
        "suppressions",
        ["derived_from"],
        unique=False,
        postgresql_where=sa.text("derived_from IS NOT NULL"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("suppressions")
    op.drop_table("outbox")
    op.drop_table("usage_readings")
    op.drop_table("spend_totals")
    op.drop_table("spend")
    op.drop_table("paid_replies")
