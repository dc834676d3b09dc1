from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from leadspiders.apis.drift import Drift
from leadspiders.errors import NotPublished
from leadspiders.items.left_out import LeftOut
from leadspiders.items.market_cell import MarketCell
from leadspiders.spiders.bls_files import read_bulk, read_file

HEADER = (
    "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,area_title,qtrly_estabs_count,"
    "month3_emplvl,total_qtrly_wages,avg_wkly_wage"
)


def row(area: str, qtr: str, establishments: int) -> str:
    return f"{area},5,10,71,0,2016,{qtr},,Some Place,{establishments},1,1,1"


@pytest.fixture
def bulk(tmp_path: Path) -> Callable[[dict[str, list[str]]], Path]:
    def made(members: dict[str, list[str]]) -> Path:
        path = tmp_path / "2016_qtrly_by_area.zip"
        with ZipFile(path, "w") as archive:
            for name, lines in members.items():
                archive.writestr(f"2016.q1-q4.by_area/{name}", "\n".join([HEADER, *lines]) + "\n")
        return path

    return made


def read(path: Path, codes: set[str], quarter: str = "1") -> list[Any]:
    broken: list[Any] = []
    found = list(read_bulk(path, Drift(), broken.append, by="area", quarter=quarter, codes=codes))
    assert not broken
    return found


def test_what_was_asked_for_is_taken_and_the_rest_counted(bulk: Any) -> None:
    path = bulk(
        {
            "2016.q1-q4 34033 Salem County, New Jersey.csv": [row("34033", "1", 5), row("34033", "2", 6)],
            "2016.q1-q4 39049 Franklin County, Ohio.csv": ["no row that could be read"],
        }
    )
    cell, left = read(path, {"34033"})
    assert isinstance(cell, MarketCell)
    assert (cell.establishments, cell.qtr) == (5, "1")
    assert left == LeftOut(reasons={"not-asked": 1})


def test_a_file_without_what_was_asked_for_is_not_published(bulk: Any) -> None:
    path = bulk({"2016.q1-q4 34033 Salem County, New Jersey.csv": [row("34033", "1", 5)]})
    with pytest.raises(NotPublished):
        read(path, {"34033"}, quarter="4")
    with pytest.raises(NotPublished):
        read(path, {"39049"})


def test_one_empty_member_does_not_end_the_file(bulk: Any) -> None:
    path = bulk({"a.csv": [], "b.csv": [row("34033", "1", 5)], "c.csv": []})
    assert len(list(read_file(path, Drift(), lambda _: None))) == 1


def test_a_file_of_headers_is_not_published(bulk: Any) -> None:
    with pytest.raises(NotPublished):
        list(read_file(bulk({"a.csv": [], "b.csv": []}), Drift(), lambda _: None))
