"""QCEW rows keep the levels, columns and zeros of the real ones."""

import csv

import pytest

from leadspiders.sandbox.apis import bls_csv, bls_rows, bls_titles
from leadspiders.sandbox.apis.bls_rows import Row, Spot
from leadspiders.sandbox.world.markets import Cell, Markets
from leadspiders.sandbox.world.truth import grow


@pytest.fixture(scope="module")
def markets() -> Markets:
    return Markets(grow(seed=1, people=100, companies=100))


def row(area: str, industry: str, count: int, owner: str = "5", size: str = "0") -> Row:
    return Row(Spot(area, owner, industry, size), 2025, "1", Cell(count, count * 20, count * 300_000), None)


@pytest.mark.parametrize(
    ("spot", "level"),
    [
        (Spot("US000", "0", "10", "0"), 10),
        (Spot("US000", "5", "332710", "0"), 18),
        (Spot("US000", "5", "10", "5"), 21),
        (Spot("US000", "5", "332710", "5"), 28),
        (Spot("39000", "5", "31-33", "5"), 64),
        (Spot("39000", "5", "31-33", "0"), 54),
        (Spot("39003", "0", "10", "0"), 70),
        (Spot("C1242", "5", "1013", "0"), 43),
    ],
)
def test_levels(spot: Spot, level: int) -> None:
    assert spot.level == level


def test_columns_are_42_38_and_47() -> None:
    assert [len(bls_csv.columns("1")), len(bls_csv.columns("a")), len(bls_csv.columns("1", bulk=True))] == [42, 38, 47]
    assert bls_csv.columns("1", bulk=True)[8:14] == [*bls_csv.BULK_TITLES, "qtrly_estabs_count"]
    assert "oty_qtrly_estabs_count_pct_chg" in bls_csv.columns("1", bulk=True)


def test_a_big_cell_is_always_published() -> None:
    text = bls_csv.line(row("39000", "31-33", 500))
    assert text.startswith('"39000","5","31-33","54","0","2025","1","",500,9900,9950,10000,150000000,')


def test_withheld_rows_are_zeros(markets: Markets) -> None:
    rows = list(bls_rows.size_rows(markets, "8", 2025))
    kinds = {each.disclosure for each in rows}
    assert kinds == {"", "N", "-"}
    for each in rows:
        cells = next(csv.reader([bls_csv.line(each)]))
        assert len(cells) == 42
        if each.disclosure == "N":
            assert int(cells[8]) > 0
            assert set(cells[9:16]) == {"0"}
        if each.disclosure == "-":
            assert set(cells[8:16]) == {"0"}
            assert (cells[16], cells[25], cells[27]) == ("N", "N", "-100.0")


def test_size_rows_go_as_deep_as_published(markets: Markets) -> None:
    levels = {each.spot.level for each in bls_rows.size_rows(markets, "6", 2025)}
    assert levels == {21, 22, 23, 24, 25, 26, 27, 28, 61, 62, 63, 64}


def test_every_row_has_its_titles(markets: Markets) -> None:
    for each in bls_rows.area_rows(markets, "39000", 2025, "a"):
        assert all(bls_titles.of_row(each))
