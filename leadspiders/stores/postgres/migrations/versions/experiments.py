"""What became of leads after delivery: the outcomes that variants are compared by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "lead_outcomes",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("value_usd", sa.Numeric()),
        sa.Column("happened_at", sa.DateTime(timezone=True)),
        sa.Column("variant", sa.Text()),
        sa.Column("was_qualified", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("outcome IN ('won', 'lost')", name=op.f("lead_outcomes_outcome_check")),
        sa.ForeignKeyConstraint(
            ["lead_id", "campaign"],
            ["prospects.lead_id", "prospects.campaign"],
            name="lead_outcomes_lead_fkey",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign", "lead_id", name=op.f("lead_outcomes_pkey")),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("lead_outcomes")
