"""Pairs of records that may be one, for people to decide."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "pairs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("likeness", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("relation IN ('companies', 'contacts')", name=op.f("pairs_relation_check")),
        sa.CheckConstraint("state IN ('open', 'apart')", name=op.f("pairs_state_check")),
        sa.CheckConstraint("one < other", name=op.f("pairs_once_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("pairs_pkey")),
    )
    op.create_index("pairs_key", "pairs", ["one", "other"], unique=True)
    op.create_index("pairs_other", "pairs", ["other"], unique=False)
    op.create_index("pairs_open", "pairs", ["id"], unique=False, postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    """Without it."""
    op.drop_table("pairs")
