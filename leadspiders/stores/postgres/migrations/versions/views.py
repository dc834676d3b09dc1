"""A campaign's leads, flat: one line a person, and one line a company that is a lead itself."""

from alembic import op

revision = "0004"
down_revision = "0003"

LEADS = """
CREATE VIEW leads AS
SELECT p.lead_id AS id, p.campaign, p.lead_state, c.id AS contact_id, f.id AS company_id,
       c.full_name, c.linkedin_url, c.title AS job_title, f.name AS company_name,
       c.city AS location_city, c.state AS location_state, c.country AS location_country,
       c.email, c.phone, coalesce(f.website, f.domain) AS company_website, f.industry AS company_industry,
       coalesce(f.employees::text, f.employee_range) AS company_size, c.profile_picture_url,
       c.source AS data_source, c.collected_at AS data_collected_date,
       p.quality AS data_quality_score, p.fit AS fit_score, p.is_qualified, c.verified AS email_verified,
       sent.at IS NOT NULL AS crm_synced, sent.at AS crm_sync_date, p.created_at,
       greatest(p.updated_at, c.updated_at, f.updated_at) AS updated_at,
       c.email_status, c.seniority, c.metro AS location_metro, f.domain AS company_domain,
       f.naics_code AS company_naics, f.company_type, f.state AS company_state, p.variant,
       p.version AS scoring_version, p.quality_points, p.fit_points, c.run_id, c.receipt
  FROM prospects p
  JOIN contacts c ON c.id = p.contact_id
  LEFT JOIN companies f ON f.id = c.company_id
  LEFT JOIN LATERAL (SELECT max(o.sent_at) AS at FROM outbox o
                      WHERE o.campaign = p.campaign AND o.lead_id = p.lead_id) sent ON true
"""
COMPANY_LEADS = """
CREATE VIEW company_leads AS
SELECT p.lead_id AS id, p.campaign, p.lead_state, f.id AS company_id, f.name AS company_name, f.uei,
       f.city AS location_city, f.state AS location_state, f.country AS location_country,
       f.phone, coalesce(f.website, f.domain) AS company_website, f.industry AS company_industry,
       coalesce(f.employees::text, f.employee_range) AS company_size, f.decision_makers,
       f.source AS data_source, f.collected_at AS data_collected_date,
       p.quality AS data_quality_score, p.fit AS fit_score, p.is_qualified,
       sent.at IS NOT NULL AS crm_synced, sent.at AS crm_sync_date, p.created_at,
       greatest(p.updated_at, f.updated_at) AS updated_at,
       f.metro AS location_metro, f.domain AS company_domain, f.naics_code AS company_naics,
       f.company_type, f.marketing_use, p.variant, p.version AS scoring_version,
       p.quality_points, p.fit_points, f.run_id, f.receipt
  FROM prospects p
  JOIN companies f ON f.id = p.company_id
  LEFT JOIN LATERAL (SELECT max(o.sent_at) AS at FROM outbox o
                      WHERE o.campaign = p.campaign AND o.lead_id = p.lead_id) sent ON true
"""


def upgrade() -> None:
    """Two views."""
    op.execute(LEADS)
    op.execute(COMPANY_LEADS)


def downgrade() -> None:
    """Without them."""
    op.execute("DROP VIEW company_leads")
    op.execute("DROP VIEW leads")
