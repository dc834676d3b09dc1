import pytest

from leadspiders.apis.bls.bulk import among, bulk_call, may_hold, read_bulk_refusal
from leadspiders.apis.bls.rows import read_rows
from leadspiders.errors import ArgumentError, NotPublished, Unreadable

HEADER = (
    "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,qtrly_estabs,month3_emplvl,"
    "total_qtrly_wages,avg_wkly_wage"
)


@pytest.mark.parametrize(
    ("quarter", "by", "name"),
    [
        ("1", "size", "2024_q1_by_size.zip"),
        ("2", "area", "2024_qtrly_by_area.zip"),
        ("a", "area", "2024_annual_by_area.zip"),
        ("3", "industry", "2024_qtrly_by_industry.zip"),
        ("a", "industry", "2024_annual_by_industry.zip"),
    ],
)
def test_the_file_of_a_year(quarter, by, name):
    path = bulk_call(2024, quarter, by, ["5"] if by == "size" else ["10"] if by == "industry" else ["39"]).path
    assert path.partition("#")[0] == f"/cew/data/files/2024/csv/{name}"


def test_the_question_is_part_of_the_address_that_is_remembered():
    asked = bulk_call(2024, "a", "industry", ["54", "31_33"]).path
    assert asked.partition("#")[2] == "quarter=a&codes=31-33,54"
    assert bulk_call(2024, "a", "industry", ["31-33", "54"]).path == asked


def test_sizes_exist_for_the_first_quarter_only():
    with pytest.raises(ArgumentError, match="quarter=1"):
        bulk_call(2024, "2", "size", ["5"])


@pytest.mark.parametrize(
    ("member", "holds"),
    [
        ("2016.q1-q4.by_area/2016.q1-q4 34033 Salem County, New Jersey.csv", True),
        ("2016.q1-q4 39049 Franklin County, Ohio.csv", False),
        ("2016.annual 31-33 Manufacturing.csv", True),
        ("2016.annual 10 10 Total, all industries.csv", False),
        ("2017.q1.by_size.csv", True),
    ],
)
def test_members_of_other_areas_need_not_be_opened(member, holds):
    assert may_hold(member, {"34033", "31-33"}) is holds


def test_only_the_rows_of_the_slices_are_taken():
    rows = [
        "39000,5,10,51,0,2024,1,,10,1,1,1",
        "39000,5,10,51,0,2024,2,,11,1,1,1",
        "39000,5,10,61,5,2024,1,,12,1,1,1",
        "40000,5,10,51,0,2024,1,,13,1,1,1",
    ]
    cells = list(read_rows([HEADER, *rows]))
    assert [cell.establishments for cell in filter(among("area", "1", {"39000"}), cells)] == [10]
    assert [cell.establishments for cell in filter(among("size", "1", {"5"}), cells)] == [12]


@pytest.mark.parametrize(("status", "error"), [(404, NotPublished), (200, Unreadable)])
def test_an_answer_that_is_no_zip(reply, status, error):
    with pytest.raises(error):
        read_bulk_refusal(reply("<html>", status))
