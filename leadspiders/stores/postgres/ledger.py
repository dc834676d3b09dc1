"""Holds the ledger against the tables: is every record that a receipt counts where the receipt says it is?

`accounting` adds up what the receipts say of themselves. Here each of them is compared with rows that are written
elsewhere: a record that was stored made a row (or one that was folded into another or erased, which is remembered), one
that was parked is kept, a market cell is one of the cells. What does not agree is named, receipt by receipt.
"""

from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row

from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.tallies import drifted_tallies

MOST_DIFFERENCES = 50
"""Of one cause: enough to see what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two counts of the same thing differ: `expected` by the receipt, `found` in `relation`."""

    cause: str
    relation: str
    expected: int
    found: int
    run_id: str | None = None
    receipt: str | None = None
    source: str | None = None


ADVICE = {
    "miscounted": "The receipt names more or fewer outcomes than it has settled records: somebody changed it by hand.",
    "unannounced": "Outcomes were noted for records that the receipt does not announce: look at its raw record.",
    "row-missing": "Rows are gone that nobody folded or erased: restore a backup, or crawl that source again.",
    "row-too-many": "Rows name this receipt that it does not count as stored: somebody wrote them past the writer.",
    "twins": "One record made two rows: look at both with scrapy explain, and erase one.",
    "no-receipt": "Rows name a receipt that does not exist: it was deleted, or they were written past the writer.",
    "parked-missing": "Parked records are gone: what they held is in the raw record of the receipt.",
    "parked-too-many": "Records are parked that their receipt does not count.",
    "tallies": "Running counts are not those of the rows: scrapy ledger --repair counts afresh.",
    "cells": "The receipts of all campaigns count another number of market cells than there are: crawl bls again.",
}
"""What to do, by cause."""

_MINE = """
WITH mine AS (
  SELECT run_id, receipt, source, seen, settled, counts, coalesce((counts ->> 'stored')::int, 0) AS stored,
         (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(counts) AS c (name, n)) AS counted,
         (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(counts) AS c (name, n) WHERE name LIKE 'parked%%')
           AS parked
    FROM receipts WHERE campaign = %(campaign)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s))
"""
_ROWS = """
, rows AS (
  SELECT run_id, receipt, record_index FROM contacts WHERE record_index IS NOT NULL UNION ALL
  SELECT run_id, receipt, record_index FROM companies WHERE record_index IS NOT NULL UNION ALL
  SELECT run_id, receipt, record_index FROM removed_rows
   WHERE record_index IS NOT NULL AND relation IN ('contacts', 'companies'))
"""
# Twice by hash: to count places by DISTINCT would sort all rows by their receipt.
_MADE = """
, made AS (
  SELECT run_id, receipt, sum(number)::int AS number, count(*)::int AS places
    FROM (SELECT run_id, receipt, record_index, count(*) AS number FROM rows GROUP BY 1, 2, 3) AS by_place
   GROUP BY run_id, receipt)
"""
_CELL_SOURCES = "SELECT DISTINCT source FROM market_cells WHERE source IS NOT NULL"

_PARTS = {"mine": _MINE, "rows": _ROWS, "made": _MADE, "cell_sources": _CELL_SOURCES}

_CHECKS = (
    # What the receipt says of itself.
    """
{mine}
SELECT 'miscounted' AS cause, 'receipts' AS relation, cardinality(settled) AS expected, counted::int AS found,
       run_id, receipt, source
  FROM mine WHERE counted <> cardinality(settled)
     OR cardinality(settled) <> (SELECT count(DISTINCT place) FROM unnest(settled) AS place)
 ORDER BY run_id, receipt LIMIT %(most)s
""",
    """
{mine}
SELECT 'unannounced' AS cause, 'receipts' AS relation, seen AS expected, cardinality(settled) AS found,
       run_id, receipt, source
  FROM mine WHERE seen < ANY (SELECT place + 1 FROM unnest(settled) AS place)
 ORDER BY run_id, receipt LIMIT %(most)s
""",
    # Against contacts and companies, which are gone through once for all three.
    """
{mine}{rows}{made},
found AS (
  SELECT CASE WHEN coalesce(number, 0) < stored THEN 'row-missing' ELSE 'row-too-many' END AS cause, stored AS expected,
         coalesce(number, 0) AS found, run_id, receipt, source
    FROM mine LEFT JOIN made USING (run_id, receipt)
   WHERE coalesce(number, 0) <> stored AND source NOT IN ({cell_sources})
  UNION ALL
  SELECT 'twins', places, number, run_id, receipt, source
    FROM mine JOIN made USING (run_id, receipt) WHERE number <> places
  UNION ALL
  SELECT 'no-receipt', 0, number, run_id, receipt, NULL FROM made
   WHERE run_id IN (SELECT run_id FROM runs WHERE campaign = %(campaign)s
                       AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s))
     AND NOT EXISTS (SELECT FROM receipts r WHERE r.run_id = made.run_id AND r.receipt = made.receipt))
SELECT cause, 'contacts, companies' AS relation, expected, found, run_id, receipt, source
  FROM (SELECT *, row_number() OVER (PARTITION BY cause ORDER BY run_id, receipt) AS place FROM found) AS numbered
 WHERE place <= %(most)s ORDER BY array_position(ARRAY['row-missing', 'row-too-many', 'twins', 'no-receipt'], cause),
       run_id, receipt
""",
    # Against what is parked.
    """
{mine}, kept AS (
  SELECT run_id, receipt, count(*)::int AS number FROM (
    SELECT run_id, receipt FROM parked_records WHERE record_index IS NOT NULL UNION ALL
    SELECT run_id, receipt FROM removed_rows WHERE relation = 'parked_records') AS parked_rows
   GROUP BY run_id, receipt)
SELECT CASE WHEN coalesce(number, 0) < parked THEN 'parked-missing' ELSE 'parked-too-many' END AS cause,
       'parked_records' AS relation, parked::int AS expected, coalesce(number, 0) AS found, run_id, receipt, source
  FROM mine LEFT JOIN kept USING (run_id, receipt) WHERE coalesce(number, 0) <> parked
 ORDER BY run_id, receipt LIMIT %(most)s
""",
)
# A market is the same for all campaigns, and a cell names the receipt that revised it last: only the sums agree.
_CELLS = """
SELECT 'cells' AS cause, 'market_cells' AS relation,
       (SELECT coalesce(sum((counts ->> 'stored')::int), 0)::int FROM receipts WHERE source IN ({cell_sources}))
         AS expected,
       (SELECT count(*)::int FROM market_cells WHERE receipt IS NOT NULL) AS found
"""
_REMOVED = """
SELECT cause, count(*)::int FROM removed_rows JOIN receipts USING (run_id, receipt)
 WHERE campaign = %(campaign)s AND (%(run_id)s::text IS NULL OR run_id = %(run_id)s) GROUP BY cause ORDER BY cause
"""


async def differences(connection: Connection, campaign: str, run_id: str | None = None) -> list[Difference]:
    """Everything that does not agree, the first fifty of each cause; empty when the ledger and the tables are one."""
    values = {"campaign": campaign, "run_id": run_id, "most": MOST_DIFFERENCES}
    found: list[Difference] = []
    async with connection.cursor(row_factory=class_row(Difference)) as cursor:
        for check in _CHECKS:
            await cursor.execute(check.format(**_PARTS), values)
            found += await cursor.fetchall()
        await cursor.execute(_CELLS.format(**_PARTS))
        found += [cells for cells in await cursor.fetchall() if cells.expected != cells.found]
    return found


async def miscounted(connection: Connection, campaign: str) -> list[Difference]:
    """Running counts that are not those of the rows: some ten seconds for each 100,000 leads, so asked for apart."""
    found = await drifted_tallies(connection, campaign, most=MOST_DIFFERENCES)
    return [
        Difference(
            cause="tallies",
            relation=f"rows ({' '.join(filter(None, (one.lead, one.figure, one.value)))})",
            expected=one.tallied or 0,
            found=one.counted or 0,
        )
        for one in found
    ]


async def removed(connection: Connection, campaign: str, run_id: str | None = None) -> dict[str, int]:
    """Rows that were made and are gone for a good cause, by cause: `folded`, `erased`."""
    rows = await (await connection.execute(_REMOVED, {"campaign": campaign, "run_id": run_id})).fetchall()
    return dict(rows)


_REMEMBER = """
INSERT INTO removed_rows (id, relation, cause, run_id, receipt, record_index)
SELECT id, '{relation}', %(cause)s, run_id, receipt, record_index FROM {relation} WHERE id = ANY(%(ids)s)
"""
_REMEMBERED = ("contacts", "companies", "parked_records")


async def remember_removal(connection: Connection, relation: str, ids: list[Any], *, cause: str) -> None:
    """To be called before rows are deleted, in the same transaction, so that the ledger still adds up without them.

    `relation` is contacts, companies or parked_records; `cause` a short name (`erased`, `expired`). Only ids are kept.
    """
    if relation not in _REMEMBERED:
        raise ValueError(f"{relation} is none of {', '.join(_REMEMBERED)}")
    await connection.execute(_REMEMBER.format(relation=relation), {"ids": ids, "cause": cause})
