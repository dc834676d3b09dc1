"""Which markets a campaign should look at first, from cells that were stored."""

import asyncio
from collections.abc import Iterable
from typing import Any

import psycopg

from leadspiders.campaigns.loader import load
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.market_cells import write_cells
from leadspiders.stores.postgres.markets import MarketTarget, market_plan
from leadspiders.stores.postgres.pool import Database

CAMPAIGN = load("dpc_employers")


def cell(area: str, industry: str, size: str, establishments: int | None, **more: Any) -> MarketCell:
    known: dict[str, Any] = {
        "own_code": "5",
        "agglvl_code": "64",
        "year": 2025,
        "qtr": "1",
        "disclosure_code": "" if establishments is not None else "-",
        "employment": None if establishments is None else establishments * 70,
        "total_wages": None,
        "avg_weekly_wage": None,
    }
    return MarketCell(
        area_fips=area, industry_code=industry, size_code=size, establishments=establishments, **known | more
    )


def plan(database: str, cells: Iterable[MarketCell], **target: Any) -> list[MarketTarget]:
    campaign = CAMPAIGN.model_copy(update={"target": CAMPAIGN.target.model_copy(update=target)})

    async def run() -> list[MarketTarget]:
        postgres = Database(database)
        try:
            async with postgres.connection() as connection:
                await write_cells(connection, list(cells))
            return await market_plan(postgres, campaign)
        finally:
            await postgres.close()

    return asyncio.run(run())


ANYWHERE: dict[str, Any] = {"states": (), "naics": ()}


def test_the_largest_market_comes_first_and_the_unknown_last(database: str) -> None:
    cells = [
        cell("39000", "31-33", "5", 100),
        cell("39000", "31-33", "6", 50),
        cell("48000", "54", "5", 400),
        cell("06000", "62", "5", None),
    ]
    found = plan(database, cells, **ANYWHERE)
    assert [(one.sector, one.state, one.establishments, one.employment, one.withheld) for one in found] == [
        ("54", "TX", 400, 28_000, 0),
        ("31-33", "OH", 150, 10_500, 0),
        ("62", "CA", None, None, 1),
    ]


def test_what_is_withheld_counts_as_unknown_beside_what_is_known(database: str) -> None:
    withheld = cell("39000", "22", "9", 3, disclosure_code="N", employment=None)
    (found,) = plan(database, [cell("39000", "22", "5", 10), withheld, cell("39000", "22", "6", None)], **ANYWHERE)
    assert (found.establishments, found.employment, found.withheld) == (13, 700, 1)


def test_only_the_newest_year_the_sizes_and_the_level_of_the_campaign_count(database: str) -> None:
    cells = [
        cell("39000", "54", "5", 10),
        cell("39000", "54", "5", 900, year=2024),
        cell("39000", "54", "4", 900),
        cell("39000", "54", "0", 900),
        cell("39000", "54", "5", 900, agglvl_code="54"),
        cell("39000", "99", "5", 900),
        cell("US000", "54", "5", 900),
    ]
    assert [one.establishments for one in plan(database, cells, **ANYWHERE)] == [10]


def test_the_target_decides_which_sectors_and_states(database: str) -> None:
    cells = [cell(area, industry, "5", 10) for area in ("39000", "48000") for industry in ("54", "31-33", "62")]
    found = plan(database, cells, states=("OH",), naics=("332", "5415"))
    assert [(one.sector, one.state) for one in found] == [("31-33", "OH"), ("54", "OH")]


def test_without_cells_there_is_no_plan(database: str) -> None:
    assert plan(database, [], **ANYWHERE) == []


def test_sizes_stand_beside_their_cells(database: str) -> None:
    plan(database, [cell("39000", "54", size, 1) for size in ("5", "9", "0")], **ANYWHERE)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT size_code, size_min, size_max, unit FROM market_cells ORDER BY 1").fetchall()
    assert rows == [
        ("0", 0, None, "establishments"),
        ("5", 50, 99, "establishments"),
        ("9", 1000, None, "establishments"),
    ]


def test_a_cell_from_one_series_leaves_the_other_measures(database: str) -> None:
    full = cell("39000", "54", "5", 10, total_wages=5, avg_weekly_wage=6)
    lone = cell("39000", "54", "5", None, disclosure_code="", employment=800)
    plan(database, [full], **ANYWHERE)
    plan(database, [lone], **ANYWHERE)
    plan_columns = "establishments, employment, total_wages, avg_weekly_wage"
    with psycopg.connect(database) as connection:
        assert connection.execute(f"SELECT {plan_columns} FROM market_cells").fetchall() == [(10, 800, 5, 6)]
    plan(database, [cell("39000", "54", "5", 9, disclosure_code="N", employment=None)], **ANYWHERE)
    with psycopg.connect(database) as connection:
        assert connection.execute(f"SELECT {plan_columns} FROM market_cells").fetchall() == [(9, None, None, None)]
