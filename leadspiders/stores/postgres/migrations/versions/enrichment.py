"""What each provider found, cost and took, by field and segment."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "yields",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("usd", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("0 <= found AND found <= asked", name=op.f("yields_counts_check")),
        sa.PrimaryKeyConstraint("campaign", "offer", "field", "segment", name=op.f("yields_pkey")),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_table("yields")
