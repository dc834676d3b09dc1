"""Companies, contacts, and what each is worth in a campaign.

Ids are UUIDs of version 7, made in Python: known before the insert (a contact can name its company within one COPY)
and ascending (new rows go to the end of the index, not all over it). Unique indexes on keys are partial: Postgres
then does not take them for foreign-key targets, and filling a key does not block the rows that refer to it.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from leadspiders.stores.postgres.schema.columns import document, key, metadata, moment, sealed, text

# The steps that Apollo and LinkedIn show; a range that a source gave is kept as it is.
EMPLOYEE_RANGE = """CASE
 WHEN employee_min IS NOT NULL AND employee_max IS NULL THEN employee_min::text || '+'
 WHEN employee_min IS NOT NULL THEN employee_min::text || '-' || employee_max::text
 WHEN employees IS NULL THEN NULL
 WHEN employees <= 10 THEN '1-10' WHEN employees <= 50 THEN '11-50' WHEN employees <= 200 THEN '51-200'
 WHEN employees <= 500 THEN '201-500' WHEN employees <= 1000 THEN '501-1000' WHEN employees <= 5000 THEN '1001-5000'
 WHEN employees <= 10000 THEN '5001-10000' ELSE '10001+' END"""

NOTHING_ELSE = "uei IS NULL AND cage IS NULL AND domain_key IS NULL AND provider_key IS NULL"

companies = Table(
    "companies",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("name"),
    text("legal_name"),
    text("uei"),
    text("cage"),
    text("ein"),
    text("provider_id"),
    text("domain"),
    text("website"),
    text("linkedin_url"),
    sealed("phone", "text"),
    text("industry"),
    text("company_type"),
    text("naics_code"),
    Column("employees", Integer),
    Column("employee_min", Integer),
    Column("employee_max", Integer),
    Column("employee_range", Text, Computed(EMPLOYEE_RANGE, persisted=True)),
    Column("founded_year", Integer),
    Column("annual_revenue", Double),
    text("street"),
    text("city"),
    text("state"),
    text("postal_code"),
    text("country"),
    text("metro"),
    Column("marketing_use", Text, nullable=False, server_default="yes"),
    Column("decision_makers", Integer, nullable=False, server_default="0"),
    Column("lead_score", SmallInteger),
    sealed("extras", "document"),
    document("lineage", default="[]"),
    key("domain_key"),
    key("provider_key"),
    key("name_place_key"),
    key("block_key"),  # near names of one state, for what has no key in common
    # By what an opt-out may name it besides its keys, `kind:hash`: most have none, and cost nothing.
    Column("traits", ARRAY(Text)),
    text("source"),
    moment("collected_at"),
    text("run_id"),
    text("receipt"),
    Column("record_index", Integer),  # of a record that made the row; none where it came along with a person
    moment("created_at", now=True),
    moment("updated_at", now=True),
    CheckConstraint("employees >= 0", name="employees"),
    Index("companies_uei_key", "uei", unique=True, postgresql_where=sql("uei IS NOT NULL")),
    Index("companies_cage_key", "cage", unique=True, postgresql_where=sql("cage IS NOT NULL")),
    Index("companies_domain_key", "domain_key", unique=True, postgresql_where=sql("domain_key IS NOT NULL")),
    Index("companies_provider_key", "provider_key", unique=True, postgresql_where=sql("provider_key IS NOT NULL")),
    Index("companies_name_place", "name_place_key", postgresql_where=sql("name_place_key IS NOT NULL")),
    Index("companies_ein", "ein", postgresql_where=sql("ein IS NOT NULL")),
    Index("companies_block", "block_key", postgresql_where=sql("block_key IS NOT NULL")),
    # Name and place alone may be two firms; but where there is nothing else to tell them apart, they are one. So
    # with an EIN, which subsidiaries may share.
    Index(
        "companies_only_name_place_key",
        "name_place_key",
        unique=True,
        postgresql_where=sql(f"{NOTHING_ELSE} AND ein IS NULL"),
    ),
    Index(
        "companies_only_ein_key",
        "ein",
        "name_place_key",
        unique=True,
        postgresql_where=sql(f"{NOTHING_ELSE} AND ein IS NOT NULL"),
    ),
    Index("companies_market", "naics_code", "state"),
    Index(
        "companies_traits",
        "traits",
        postgresql_using="gin",
        postgresql_where=sql("traits IS NOT NULL"),
        postgresql_with={"fastupdate": "off"},  # what is not yet merged is held against every trait that is asked for
    ),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("company_id", Uuid, ForeignKey("companies.id", ondelete="SET NULL")),
    text("full_name"),
    text("first_name"),
    text("last_name"),
    text("last_name_masked"),
    text("title"),
    text("seniority"),
    sealed("email", "text"),
    text("email_status"),
    Column("verified", Boolean, Computed("coalesce(email_status = 'valid', false)", persisted=True)),
    sealed("phone", "text"),
    text("linkedin_url"),
    text("profile_picture_url"),
    text("provider_id"),
    text("city"),
    text("state"),
    text("country"),
    text("metro"),
    Column("flags", ARRAY(Text), nullable=False, server_default="{}"),
    sealed("extras", "document"),
    document("lineage", default="[]"),
    key("linkedin_key"),
    key("email_key"),
    key("provider_key"),
    # To find any e-mail and any phone, for opt-outs and erasure: a role address or a bounced one is no key of identity.
    key("email_hash"),
    key("phone_hash"),
    key("email_domain_key"),  # for an opt-out of a whole domain; none at a free-mail host
    key("block_key"),  # a name at an employer, for what has no key in common
    Column("traits", ARRAY(Text)),  # as above: values that lost to others
    text("source"),
    moment("collected_at"),
    text("run_id"),
    text("receipt"),
    Column("record_index", Integer),
    moment("created_at", now=True),
    moment("updated_at", now=True),
    Index("contacts_linkedin_key", "linkedin_key", unique=True, postgresql_where=sql("linkedin_key IS NOT NULL")),
    Index("contacts_email_key", "email_key", unique=True, postgresql_where=sql("email_key IS NOT NULL")),
    Index("contacts_provider_key", "provider_key", unique=True, postgresql_where=sql("provider_key IS NOT NULL")),
    # Where the address is a key, the index above finds it: most rows are spared this one.
    Index("contacts_email_hash", "email_hash", postgresql_where=sql("email_hash IS NOT NULL AND email_key IS NULL")),
    Index("contacts_phone_hash", "phone_hash", postgresql_where=sql("phone_hash IS NOT NULL")),
    Index("contacts_block", "block_key", postgresql_where=sql("block_key IS NOT NULL")),
    Index("contacts_email_domain", "email_domain_key", postgresql_where=sql("email_domain_key IS NOT NULL")),
    Index("contacts_company", "company_id"),
    Index(
        "contacts_traits",
        "traits",
        postgresql_using="gin",
        postgresql_where=sql("traits IS NOT NULL"),
        postgresql_with={"fastupdate": "off"},  # what is not yet merged is held against every trait that is asked for
    ),
)

prospects = Table(
    "prospects",
    metadata,
    Column("lead_id", Uuid, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("contact_id", Uuid, ForeignKey("contacts.id", ondelete="CASCADE")),
    Column("company_id", Uuid, ForeignKey("companies.id", ondelete="CASCADE")),
    text("lead_state", required=True),
    Column("quality", SmallInteger),
    document("quality_points", default=None),
    Column("fit", SmallInteger),
    document("fit_points", default=None),
    text("variant"),
    text("version"),
    Column("is_qualified", Boolean, nullable=False, server_default="false"),
    text("run_id"),
    moment("created_at", now=True),
    moment("updated_at", now=True),
    # A contact of the campaign, or a company of the campaign: the company of a contact is the contact's.
    CheckConstraint("num_nonnulls(contact_id, company_id) = 1", name="one_lead"),
    CheckConstraint("lead_id = coalesce(contact_id, company_id)", name="lead_id"),
    CheckConstraint(
        "lead_state IN ('raw', 'identified', 'enriched', 'ready', 'rejected', 'suppressed')", name="lead_state"
    ),
    CheckConstraint("quality BETWEEN 0 AND 100 AND fit BETWEEN 0 AND 100", name="scores"),
    Index("prospects_contact", "contact_id", postgresql_where=sql("contact_id IS NOT NULL")),
    Index("prospects_company", "company_id", postgresql_where=sql("company_id IS NOT NULL")),
    # The best come first, without a look at the others.
    Index("prospects_best", "campaign", sql("fit DESC NULLS LAST"), sql("quality DESC NULLS LAST"), "lead_id"),
)
