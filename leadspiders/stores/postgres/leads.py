"""Reads a campaign's leads, the best first, as flat dicts: for tables, files and the dashboard."""

from collections.abc import AsyncIterator
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.rows import shown

# The best are chosen from the prospects alone, which is cheap; only those few are joined to what they are made of.
_SELECT = sql.SQL("""
SELECT whole.* FROM (
  SELECT lead_id, campaign, fit, quality FROM prospects
   WHERE campaign = %(campaign)s AND (contact_id IS NULL) = %(companies)s
     AND (lead_state = %(state)s OR %(state)s::text IS NULL AND lead_state NOT IN ('rejected', 'suppressed'))
     AND (%(min_fit)s::int IS NULL OR fit >= %(min_fit)s)
   ORDER BY fit DESC NULLS LAST, quality DESC NULLS LAST, lead_id LIMIT %(limit)s) AS best
  JOIN {view} AS whole ON whole.id = best.lead_id AND whole.campaign = best.campaign
 ORDER BY best.fit DESC NULLS LAST, best.quality DESC NULLS LAST, best.lead_id
""")
LEAD_TABLES = {"contact": "contacts", "company": "companies"}
"""Where what is sealed in a row of the views is."""
_VIEWS = {"contact": sql.Identifier("leads"), "company": sql.Identifier("company_leads")}


async def select_leads(
    database: Database,
    campaign: str,
    *,
    state: str | None = None,
    min_fit: int | None = None,
    limit: int | None = None,
    lead: str = "contact",
) -> AsyncIterator[dict[str, Any]]:
    """Rows of the view `leads` (`lead` "company": of `company_leads`), streamed: a million need no more memory."""
    values = {"campaign": campaign, "state": state, "min_fit": min_fit, "limit": limit, "companies": lead == "company"}
    async with database.connection() as connection, connection.cursor("leads", row_factory=dict_row) as cursor:
        cursor.itersize = 500
        await cursor.execute(_SELECT.format(view=_VIEWS[lead]), values)
        async for row in cursor:
            yield shown(connection, LEAD_TABLES[lead], row)
