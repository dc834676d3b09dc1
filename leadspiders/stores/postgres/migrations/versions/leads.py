"""Companies, contacts, and what each is worth in a campaign."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

EMPLOYEE_RANGE = """CASE
 WHEN employee_min IS NOT NULL AND employee_max IS NULL THEN employee_min::text || '+'
 WHEN employee_min IS NOT NULL THEN employee_min::text || '-' || employee_max::text
 WHEN employees IS NULL THEN NULL
 WHEN employees <= 10 THEN '1-10' WHEN employees <= 50 THEN '11-50' WHEN employees <= 200 THEN '51-200'
 WHEN employees <= 500 THEN '201-500' WHEN employees <= 1000 THEN '501-1000' WHEN employees <= 5000 THEN '1001-5000'
 WHEN employees <= 10000 THEN '5001-10000' ELSE '10001+' END"""

NOTHING_ELSE = "uei IS NULL AND cage IS NULL AND domain_key IS NULL AND provider_key IS NULL"


def upgrade() -> None:
    """Tables and indexes."""
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("legal_name", sa.Text()),
        sa.Column("uei", sa.Text()),
        sa.Column("cage", sa.Text()),
        sa.Column("ein", sa.Text()),
        sa.Column("provider_id", sa.Text()),
        sa.Column("domain", sa.Text()),
        sa.Column("website", sa.Text()),
        sa.Column("linkedin_url", sa.Text()),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("industry", sa.Text()),
        sa.Column("company_type", sa.Text()),
        sa.Column("naics_code", sa.Text()),
        sa.Column("employees", sa.Integer()),
        sa.Column("employee_min", sa.Integer()),
        sa.Column("employee_max", sa.Integer()),
        sa.Column("employee_range", sa.Text(), sa.Computed(EMPLOYEE_RANGE, persisted=True)),
        sa.Column("founded_year", sa.Integer()),
        sa.Column("annual_revenue", sa.Double()),
        sa.Column("street", sa.Text()),
        sa.Column("city", sa.Text()),
        sa.Column("state", sa.Text()),
        sa.Column("postal_code", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("metro", sa.Text()),
        sa.Column("marketing_use", sa.Text(), server_default="yes", nullable=False),
        sa.Column("decision_makers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lead_score", sa.SmallInteger()),
        sa.Column("extras", sa.LargeBinary()),
        sa.Column("lineage", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("domain_key", sa.LargeBinary()),
        sa.Column("provider_key", sa.LargeBinary()),
        sa.Column("name_place_key", sa.LargeBinary()),
        sa.Column("block_key", sa.LargeBinary()),
        sa.Column("traits", postgresql.ARRAY(sa.Text())),
        sa.Column("source", sa.Text()),
        sa.Column("collected_at", sa.DateTime(timezone=True)),
        sa.Column("run_id", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("record_index", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("employees >= 0", name=op.f("companies_employees_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("companies_pkey")),
    )
    op.create_index(
        "companies_domain_key",
        "companies",
        ["domain_key"],
        unique=True,
        postgresql_where=sa.text("domain_key IS NOT NULL"),
    )
    op.create_index("companies_market", "companies", ["naics_code", "state"], unique=False)
    op.create_index(
        "companies_traits",
        "companies",
        ["traits"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("traits IS NOT NULL"),
    )
    op.create_index(
        "companies_name_place",
        "companies",
        ["name_place_key"],
        unique=False,
        postgresql_where=sa.text("name_place_key IS NOT NULL"),
    )
    op.create_index(
        "companies_only_name_place_key",
        "companies",
        ["name_place_key"],
        unique=True,
        postgresql_where=sa.text(f"{NOTHING_ELSE} AND ein IS NULL"),
    )
    op.create_index(
        "companies_only_ein_key",
        "companies",
        ["ein", "name_place_key"],
        unique=True,
        postgresql_where=sa.text(f"{NOTHING_ELSE} AND ein IS NOT NULL"),
    )
    op.create_index("companies_ein", "companies", ["ein"], unique=False, postgresql_where=sa.text("ein IS NOT NULL"))
    op.create_index(
        "companies_cage_key", "companies", ["cage"], unique=True, postgresql_where=sa.text("cage IS NOT NULL")
    )
    op.create_index(
        "companies_block",
        "companies",
        ["block_key"],
        unique=False,
        postgresql_where=sa.text("block_key IS NOT NULL"),
    )
    op.create_index(
        "companies_provider_key",
        "companies",
        ["provider_key"],
        unique=True,
        postgresql_where=sa.text("provider_key IS NOT NULL"),
    )
    op.create_index("companies_uei_key", "companies", ["uei"], unique=True, postgresql_where=sa.text("uei IS NOT NULL"))
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid()),
        sa.Column("full_name", sa.Text()),
        sa.Column("first_name", sa.Text()),
        sa.Column("last_name", sa.Text()),
        sa.Column("last_name_masked", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("seniority", sa.Text()),
        sa.Column("email", sa.LargeBinary()),
        sa.Column("email_status", sa.Text()),
        sa.Column("verified", sa.Boolean(), sa.Computed("coalesce(email_status = 'valid', false)", persisted=True)),
        sa.Column("phone", sa.LargeBinary()),
        sa.Column("linkedin_url", sa.Text()),
        sa.Column("profile_picture_url", sa.Text()),
        sa.Column("provider_id", sa.Text()),
        sa.Column("city", sa.Text()),
        sa.Column("state", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("metro", sa.Text()),
        sa.Column("flags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("extras", sa.LargeBinary()),
        sa.Column("lineage", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("linkedin_key", sa.LargeBinary()),
        sa.Column("email_key", sa.LargeBinary()),
        sa.Column("provider_key", sa.LargeBinary()),
        sa.Column("email_hash", sa.LargeBinary()),
        sa.Column("phone_hash", sa.LargeBinary()),
        sa.Column("email_domain_key", sa.LargeBinary()),
        sa.Column("block_key", sa.LargeBinary()),
        sa.Column("traits", postgresql.ARRAY(sa.Text())),
        sa.Column("source", sa.Text()),
        sa.Column("collected_at", sa.DateTime(timezone=True)),
        sa.Column("run_id", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.Column("record_index", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("contacts_company_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("contacts_pkey")),
    )
    op.create_index(
        "contacts_block", "contacts", ["block_key"], unique=False, postgresql_where=sa.text("block_key IS NOT NULL")
    )
    op.create_index(
        "contacts_email_domain",
        "contacts",
        ["email_domain_key"],
        unique=False,
        postgresql_where=sa.text("email_domain_key IS NOT NULL"),
    )
    op.create_index("contacts_company", "contacts", ["company_id"], unique=False)
    op.create_index(
        "contacts_traits",
        "contacts",
        ["traits"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=sa.text("traits IS NOT NULL"),
    )
    op.create_index(
        "contacts_email_hash",
        "contacts",
        ["email_hash"],
        unique=False,
        postgresql_where=sa.text("email_hash IS NOT NULL AND email_key IS NULL"),
    )
    op.create_index(
        "contacts_email_key", "contacts", ["email_key"], unique=True, postgresql_where=sa.text("email_key IS NOT NULL")
    )
    op.create_index(
        "contacts_linkedin_key",
        "contacts",
        ["linkedin_key"],
        unique=True,
        postgresql_where=sa.text("linkedin_key IS NOT NULL"),
    )
    op.create_index(
        "contacts_phone_hash",
        "contacts",
        ["phone_hash"],
        unique=False,
        postgresql_where=sa.text("phone_hash IS NOT NULL"),
    )
    op.create_index(
        "contacts_provider_key",
        "contacts",
        ["provider_key"],
        unique=True,
        postgresql_where=sa.text("provider_key IS NOT NULL"),
    )
    op.create_table(
        "prospects",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid()),
        sa.Column("company_id", sa.Uuid()),
        sa.Column("lead_state", sa.Text(), nullable=False),
        sa.Column("quality", sa.SmallInteger()),
        sa.Column("quality_points", postgresql.JSONB()),
        sa.Column("fit", sa.SmallInteger()),
        sa.Column("fit_points", postgresql.JSONB()),
        sa.Column("variant", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("is_qualified", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("run_id", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "lead_state IN ('raw', 'identified', 'enriched', 'ready', 'rejected', 'suppressed')",
            name=op.f("prospects_lead_state_check"),
        ),
        sa.CheckConstraint("lead_id = coalesce(contact_id, company_id)", name=op.f("prospects_lead_id_check")),
        sa.CheckConstraint("num_nonnulls(contact_id, company_id) = 1", name=op.f("prospects_one_lead_check")),
        sa.CheckConstraint("quality BETWEEN 0 AND 100 AND fit BETWEEN 0 AND 100", name=op.f("prospects_scores_check")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("prospects_company_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("prospects_contact_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lead_id", "campaign", name=op.f("prospects_pkey")),
    )
    op.create_index(
        "prospects_best",
        "prospects",
        ["campaign", sa.text("fit DESC NULLS LAST"), sa.text("quality DESC NULLS LAST"), "lead_id"],
        unique=False,
    )
    op.create_index(
        "prospects_company",
        "prospects",
        ["company_id"],
        unique=False,
        postgresql_where=sa.text("company_id IS NOT NULL"),
    )
    op.create_index(
        "prospects_contact",
        "prospects",
        ["contact_id"],
        unique=False,
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table("prospects")
    op.drop_table("contacts")
    op.drop_table("companies")
