"""The market is at least as big as the world, and its totals are the sums of its parts."""

import pytest

from leadspiders.sandbox.world.industries import SECTORS, sector_of
from leadspiders.sandbox.world.markets import CLASSES, Markets, base_of, ladder, size_class
from leadspiders.sandbox.world.places import STATES
from leadspiders.sandbox.world.truth import World, grow


@pytest.fixture(scope="module")
def world() -> World:
    return grow(seed=1, people=200, companies=300)


@pytest.fixture(scope="module")
def markets(world: World) -> Markets:
    return Markets(world)


def test_no_company_is_outside_the_market(world: World, markets: Markets) -> None:
    for company in world.employers:
        area, size = f"{company.place.state.fips}000", size_class(company.employees)
        cell = markets.cell(area, sector_of(company.trade.naics), size, 2025, 1)
        assert cell is not None
        assert cell.establishments >= 1


def test_totals_are_sums(markets: Markets) -> None:
    nation = markets.cells["US000", "10", "0"]
    states = [markets.cells[f"{state.fips}000", "10", "0"] for state in STATES.values()]
    sectors = [markets.cells["US000", sector, "0"] for sector in SECTORS if ("US000", sector, "0") in markets.cells]
    classes = [markets.cells["US000", "10", size] for size in CLASSES]
    for parts in (states, sectors, classes):
        assert sum(part.establishments for part in parts) == nation.establishments
        assert sum(part.jobs for part in parts) == nation.jobs


def test_jobs_fit_the_size_class(markets: Markets) -> None:
    for size, (least, most) in CLASSES.items():
        cell = markets.cells["US000", "10", size]
        assert least <= cell.jobs / cell.establishments <= most


@pytest.mark.parametrize(("staff", "code"), [(1, "1"), (9, "2"), (49, "4"), (50, "5"), (999, "8"), (1000, "9")])
def test_size_class(staff: int, code: str) -> None:
    assert size_class(staff) == code


def test_ladder_and_areas() -> None:
    assert ladder("332710") == ["10", "101", "1013", "31-33", "332", "3327", "33271", "332710"]
    assert base_of("39049") == ("39049", 1.0)
    assert base_of("39003") == ("39000", 0.25)
    assert base_of("C1242")[0] == "48000"
