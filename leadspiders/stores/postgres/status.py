"""The figures of a campaign, as `scrapy status` prints them.

Records are counted afresh from the receipts. Leads are read from the running counts, which `scrapy ledger --counts`
holds against the rows, and money from the totals by which the caps are held: `scrapy spend` compares the two.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from psycopg.rows import dict_row

from leadspiders.stores.postgres.accounting import Account, account
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.prospects import STATES
from leadspiders.stores.postgres.tallies import Tally, tallies

HEARTBEAT_SECONDS = 60  # a crawl that has said nothing for a minute is not counted as alive

_FIGURES = ("state", "qualified", "email", "verified", "complete", "quality", "companies")
# Over the last hour, or since the first lead when that is less; a minute at least, or the first second of a crawl would
# promise thousands.
_REST = """
SELECT (SELECT (coalesce(sum(number) FILTER (WHERE at > now() - interval '1 hour'), 0) * 3600
                  / greatest(60, least(3600, extract(epoch FROM now() - min(at)))))::float
          FROM (SELECT to_timestamp(value::bigint * 10) AS at, number FROM tallied
                 WHERE campaign = %(campaign)s AND lead = %(lead)s AND figure = 'slot' AND number > 0) AS slots
       ) AS rate_per_hour,
       coalesce((SELECT number FROM tallied
                  WHERE campaign = '' AND lead = '' AND figure = 'cells' AND value = ''), 0) AS cells,
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


async def status(database: Database, campaign: str, *, lead: str = "contact") -> dict[str, Any]:
    """The object of `scrapy status C --json`. `lead` is what the campaign counts: `contact` or `company`.

    `cells` are those of all campaigns: a market is the same for everybody. `sources` splits the records by source.
    """
    values = {"campaign": campaign, "lead": lead, "heartbeat": HEARTBEAT_SECONDS}
    async with database.connection() as connection:
        ledger = await account(connection, campaign)
        counted = await tallies(connection, campaign, _FIGURES, leads=("", lead))
        rest = await _row(connection, _REST, values)
        sources = await (await connection.execute(_SOURCES, [campaign])).fetchall()
    figures: Counter[str] = Counter()
    for one in counted:
        figures[f"state {one.value}" if one.figure == "state" else one.figure] += one.number
    return {
        "campaign": campaign,
        **_ledger(ledger),
        "leads": {
            "total": sum(figures[f"state {state}"] for state in STATES),
            "identified": figures["state identified"],
            "enriched": figures["state enriched"],
            "ready": figures["state ready"],
            "qualified": figures["qualified"],
            "with_email": figures["email"],
            "email_verified": figures["verified"],
            "company_complete": figures["complete"],
        },
        "companies": figures["companies"],
        "cells": rest["cells"],
        "quality_avg": _average([one for one in counted if one.figure == "quality"]),
        "duplicate_rate": round(ledger.merged / ledger.seen, 4) if ledger.seen else 0.0,
        "rate_per_hour": round(rest["rate_per_hour"] or 0.0, 1),
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
        counted = await tallies(connection, campaign, ["state"], leads=["contact"])
    return sum(one.number for one in counted if one.value == "ready")


def _average(counted: Sequence[Tally]) -> float | None:
    """To one decimal, halves upwards; None without any."""
    number, points = sum(one.number for one in counted), sum(int(one.value) * one.number for one in counted)
    return float((Decimal(points) / number).quantize(Decimal("0.1"), ROUND_HALF_UP)) if number else None


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
