"""QCEW slices: what is read of a cell is what its row says."""

import csv
import io

import pytest

from leadspiders.apis.bls.rows import read_slice
from leadspiders.apis.bls.slices import By, slice_call
from leadspiders.errors import NotPublished
from tests.cassettes.deck import Deck

COLUMNS = {
    "1": ("qtrly_estabs", "month3_emplvl", "total_qtrly_wages", "avg_wkly_wage"),
    "a": ("annual_avg_estabs", "annual_avg_emplvl", "total_annual_wages", "annual_avg_wkly_wage"),
}


@pytest.mark.parametrize(
    ("name", "quarter", "by", "code"),
    [
        ("bls/quarterly_area", "1", "area", "39000"),
        ("bls/annual_industry", "a", "industry", "31-33"),
        ("bls/size", "1", "size", "9"),
    ],
)
def test_every_row_becomes_a_cell(deck: Deck, name: str, quarter: str, by: By, code: str) -> None:
    with deck.play(name) as driver:
        reply = driver.send(slice_call(2025, quarter, by, code))
    cells = list(read_slice(reply))
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(cells) == len(rows) > 20
    for cell, row in zip(cells, rows, strict=True):
        measures = [cell.establishments, cell.employment, cell.total_wages, cell.avg_weekly_wage]
        published = [int(row[column]) for column in COLUMNS[quarter]]
        withheld = {"": published, "N": [published[0], None, None, None], "-": [None] * 4}
        assert measures == withheld[row["disclosure_code"]]
        assert [cell.area_fips, cell.industry_code, cell.size_code] == [
            row["area_fips"],
            row["industry_code"],
            row["size_code"],
        ]
        assert (cell.year, cell.qtr) == (2025, quarter.upper())


def test_a_recording_has_withheld_rows(deck: Deck) -> None:
    with deck.play("bls/size") as driver:
        codes = {cell.disclosure_code for cell in read_slice(driver.send(slice_call(2025, 1, "size", "9")))}
    assert {"", "N"} <= codes


def test_a_quarter_to_come_is_not_published(deck: Deck) -> None:
    with deck.play("bls/not_published") as driver:
        reply = driver.send(slice_call(2026, 3, "area", "39000"))
    assert reply.status == 404
    with pytest.raises(NotPublished):
        list(read_slice(reply))
