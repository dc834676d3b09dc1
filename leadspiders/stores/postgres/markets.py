"""Where a campaign's employers are: its markets by size, so that other spiders look first where there is most to find.

BLS counts establishments (worksites, not firms) by size class for each state and sector, once a year.
"""

from dataclasses import dataclass
from typing import Any

import us
from psycopg.rows import dict_row

from leadspiders.campaigns.model import Campaign
from leadspiders.rules.industries import sector
from leadspiders.stores.postgres.pool import Database

# State x sector, private owners, by size class: the finest that BLS publishes with sizes for states.
_LEVEL, _PRIVATE = "64", "5"

# Sums leave out what is withheld: a market of which nothing is published has no sum, and is not taken for an empty one.
_MARKETS = """
SELECT industry_code AS sector, left(area_fips, 2) AS state, year,
       sum(establishments)::int AS establishments, sum(employment)::bigint AS employment,
       (count(*) - count(establishments))::int AS withheld
  FROM market_cells
 WHERE agglvl_code = %(level)s AND own_code = %(own)s AND size_code = ANY(%(sizes)s)
   AND year = (SELECT max(year) FROM market_cells
                WHERE agglvl_code = %(level)s AND own_code = %(own)s AND size_code = ANY(%(sizes)s))
 GROUP BY industry_code, area_fips, year
 ORDER BY sum(establishments) DESC NULLS LAST, industry_code, area_fips
"""
_ANSWERED = """
SELECT url FROM receipts WHERE source = %s AND url = ANY(%s)
 GROUP BY url, run_id, split_part(receipt, '.', 1)
HAVING bool_and(cardinality(settled) >= seen) AND bool_or(exhausted) AND sum(seen) > 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketTarget:
    """One sector in one state: `sector` as BLS writes it (`31-33`, `54`), `state` its two letters.

    `establishments` and `employment` (third month of the quarter) are sums over the campaign's size classes of what is
    published; None where nothing is. `withheld` counts the size classes whose number of establishments is not told.
    """

    sector: str
    state: str
    year: int
    establishments: int | None
    employment: int | None
    withheld: int = 0


async def market_plan(database: Database, campaign: Campaign) -> list[MarketTarget]:
    """The markets of a campaign's target, the one with the most establishments first, those of unknown size last.

    Only the newest year there is, the size classes of `sources.bls.size_classes`, the states and NAICS codes of the
    target (a code of more digits stands for its sector). Empty until the spider `bls` has read size classes
    (`scrapy crawl bls -a campaign=...`): look everywhere then.
    """
    sizes = list(campaign.sources.bls.size_classes)
    async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_MARKETS, {"level": _LEVEL, "own": _PRIVATE, "sizes": sizes})
        rows = await cursor.fetchall()
    wanted_sectors = {sector(code) for code in campaign.target.naics}
    found = [target for row in rows if (target := _target(row))]
    return [
        target
        for target in found
        if (not wanted_sectors or target.sector in wanted_sectors)
        and (not campaign.target.states or target.state in campaign.target.states)
    ]


def _target(row: dict[str, Any]) -> MarketTarget | None:
    """None for what no source can be asked for: a sector that is none ("unclassified"), an area that is no state."""
    state = us.states.lookup(row.pop("state"), field="fips")
    known = sector(row["sector"])
    return MarketTarget(**row, state=state.abbr) if state and known == row["sector"] else None


async def answered(database: Database, source: str, urls: list[str]) -> set[str]:
    """Those of the URLs that a run has read to the end before, all of whose records were settled."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_ANSWERED, [source, urls])).fetchall()
    return {url for (url,) in rows}
