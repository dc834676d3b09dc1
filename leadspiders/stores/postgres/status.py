"""The figures of a campaign, as `scrapy status` prints them: counted afresh, from the tables, each time.

Nothing is kept in counters, so that nothing can drift from the truth. Money is the exception: it is read from the
running totals by which the caps are held, and `scrapy spend` holds those against their rows.
"""

from typing import Any

from psycopg.rows import dict_row

from leadspiders.stores.postgres.accounting import Account, account
from leadspiders.stores.postgres.pool import Connection, Database

HEARTBEAT_SECONDS = 60  # a crawl that has said nothing for a minute is not counted as alive

_LEADS = """
SELECT count(*) AS total,
       count(*) FILTER (WHERE p.lead_state = 'identified') AS identified,
       count(*) FILTER (WHERE p.lead_state = 'enriched') AS enriched,
       count(*) FILTER (WHERE p.lead_state = 'ready') AS ready,
       count(*) FILTER (WHERE p.is_qualified) AS qualified,
       count(c.email) AS with_email,
       count(*) FILTER (WHERE c.verified) AS email_verified,
       count(*) FILTER (WHERE f.name IS NOT NULL AND f.domain IS NOT NULL
                          AND coalesce(f.industry, f.naics_code) IS NOT NULL
                          AND coalesce(f.employees, f.employee_min) IS NOT NULL) AS company_complete,
       round(avg(p.quality), 1)::float AS quality_avg,
       -- Over the last hour, or since the first lead when that is less; a minute at least, or the first second of a
       -- crawl would promise thousands.
       (count(*) FILTER (WHERE p.created_at > now() - interval '1 hour') * 3600
         / greatest(60, least(3600, extract(epoch FROM now() - min(p.created_at)))))::float AS rate_per_hour
  FROM prospects p
  LEFT JOIN contacts c ON c.id = p.contact_id
  LEFT JOIN companies f ON f.id = coalesce(p.company_id, c.company_id)
 WHERE p.campaign = %(campaign)s AND (p.contact_id IS NULL) = %(companies)s
   AND p.lead_state NOT IN ('rejected', 'suppressed')
"""
# The companies by hash and without the table of companies: by count(DISTINCT) all leads would be sorted.
_REST = """
SELECT (SELECT count(company_id) FROM (
          SELECT DISTINCT coalesce(p.company_id, c.company_id) AS company_id
            FROM prospects p LEFT JOIN contacts c ON c.id = p.contact_id
           WHERE p.campaign = %(campaign)s AND p.lead_state <> 'rejected') AS known
       ) AS companies,
       (SELECT count(*) FROM market_cells) AS cells,
       coalesce((SELECT usd::float FROM spend_totals WHERE campaign = %(campaign)s AND scope = 'campaign'), 0)
         AS spend_usd,
       (SELECT coalesce(json_object_agg(name, credits::float), '{}') FROM spend_totals
         WHERE campaign = %(campaign)s AND scope = 'provider' AND (credits <> 0 OR usd <> 0)) AS credits,
       (SELECT coalesce(json_agg(json_build_object('kind', kind, 'subject', subject, 'since', opened_at)
                                 ORDER BY opened_at), '[]')
          FROM incidents
         WHERE closed_at IS NULL AND (kind = 'provider-down' OR coalesce(campaign, %(campaign)s) = %(campaign)s)
       ) AS incidents,
       (SELECT coalesce(sum(errors), 0)::int FROM scraping_logs WHERE campaign = %(campaign)s) AS errors,
       (SELECT count(*) FROM scraping_logs WHERE campaign = %(campaign)s AND status = 'running'
           AND heartbeat_at > now() - make_interval(secs => %(heartbeat)s)) AS workers
"""
_SOURCES = """
SELECT source, sum(seen)::int AS seen, sum(seen - cardinality(settled))::int AS pending,
       coalesce(sum((counts ->> 'stored')::int), 0)::int AS stored,
       coalesce(sum((counts ->> 'merged')::int), 0)::int AS merged
  FROM receipts WHERE campaign = %s GROUP BY source ORDER BY source
"""
_READY = "SELECT count(*) FROM prospects WHERE campaign = %s AND lead_state = 'ready' AND contact_id IS NOT NULL"

LEAD_COUNTS = (
    "total", "identified", "enriched", "ready", "qualified", "with_email", "email_verified", "company_complete"
)  # fmt: skip


async def status(database: Database, campaign: str, *, lead: str = "contact") -> dict[str, Any]:
    """The object of `scrapy status C --json`. `lead` is what the campaign counts: `contact` or `company`.

    `cells` are those of all campaigns: a market is the same for everybody. `sources` splits the records by source.
    """
    values = {"campaign": campaign, "companies": lead == "company", "heartbeat": HEARTBEAT_SECONDS}
    async with database.connection() as connection:
        ledger = await account(connection, campaign)
        leads = await _row(connection, _LEADS, values)
        rest = await _row(connection, _REST, values)
        sources = await (await connection.execute(_SOURCES, [campaign])).fetchall()
    return {
        "campaign": campaign,
        **_ledger(ledger),
        "leads": {name: leads[name] for name in LEAD_COUNTS},
        "companies": rest["companies"],
        "cells": rest["cells"],
        "quality_avg": leads["quality_avg"],
        "duplicate_rate": round(ledger.merged / ledger.seen, 4) if ledger.seen else 0.0,
        "rate_per_hour": round(leads["rate_per_hour"] or 0.0, 1),
        "spend_usd": round(rest["spend_usd"], 4),
        "credits": rest["credits"],
        "errors": rest["errors"],
        "workers": rest["workers"],
        "incidents": rest["incidents"],
        "sources": {
            source: {"seen": seen, "pending": pending, "stored": stored, "merged": merged}
            for source, seen, pending, stored, merged in sources
        },
    }


async def ready_leads(database: Database, campaign: str) -> int:
    """People of the campaign whose required fields are all there."""
    async with database.connection() as connection:
        row = await (await connection.execute(_READY, [campaign])).fetchone()
    return int(row[0]) if row else 0


def _ledger(ledger: Account) -> dict[str, Any]:
    return {
        "seen": ledger.seen,
        "stored": ledger.stored,
        "merged": ledger.merged,
        "refused": ledger.refused,
        "parked": ledger.parked,
        "suppressed": ledger.suppressed,
        "pending": ledger.pending,
        "balanced": ledger.balanced,
    }


async def _row(connection: Connection, query: str, values: dict[str, Any]) -> dict[str, Any]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchone() or {}
