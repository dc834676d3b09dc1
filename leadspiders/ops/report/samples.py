"""A few leads of a campaign with the points they add up from, contact data masked."""

from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from leadspiders.campaigns.model import Campaign
from leadspiders.ops.report.data import Sample
from leadspiders.ops.report.masking import email, phone
from leadspiders.stores.postgres.leads import LEAD_TABLES
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.rows import shown

SAMPLES = 10
REASONS = 6  # of one lead: more is not read

CANDIDATES = 10  # of each fit: to sort all leads by a hash would read all of them
# By a hash of the id: a sample that nobody picked, spread over all fits, and the same one in the next report.
_SELECT = sql.SQL("""
SELECT * FROM {view} WHERE campaign = %(campaign)s AND id IN (
  SELECT lead_id FROM generate_series(0, 100) AS fits (fit), LATERAL (
    SELECT lead_id, lead_state, quality, contact_id FROM prospects
     WHERE campaign = %(campaign)s AND prospects.fit = fits.fit LIMIT %(candidates)s) AS candidates
   WHERE lead_state = 'ready' AND quality IS NOT NULL AND (contact_id IS NULL) = %(companies)s
   ORDER BY md5(lead_id::text) LIMIT %(limit)s)
 ORDER BY is_qualified DESC, md5(id::text)
""")


async def samples(database: Database, campaign: Campaign) -> list[Sample]:
    """At most ten ready leads; why: the points of the score that decides whether a lead is qualified."""
    companies = campaign.lead == "company"
    query = _SELECT.format(view=sql.Identifier("company_leads" if companies else "leads"))
    async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            query, {"campaign": campaign.name, "companies": companies, "limit": SAMPLES, "candidates": CANDIDATES}
        )
        rows = [shown(connection, LEAD_TABLES[campaign.lead], row) for row in await cursor.fetchall()]
        return [_sample(row, campaign.scoring.qualify.score) for row in rows]


def _sample(row: dict[str, Any], score: str) -> Sample:
    points = sorted(row[f"{score}_points"], key=lambda line: -line[0])
    person = row.get("full_name")
    return Sample(
        name=person or row["company_name"] or "",
        title=row.get("job_title") or row["company_industry"] or "",
        company=row["company_name"] or "",
        place=", ".join(filter(None, (row["location_city"], row["location_state"]))),
        email=email(row.get("email")),
        email_status=row.get("email_status"),
        phone=phone(row["phone"]),
        quality=row["data_quality_score"],
        fit=row["fit_score"],
        qualified=row["is_qualified"],
        why=[(line[0], line[1]) for line in points[:REASONS] if line[0]],
    )
