import pytest

from leadspiders.apis.bls.series import batches, parts, quarter_of, read_cells, series_of
from leadspiders.apis.bls_api import Point
from leadspiders.errors import ArgumentError


def points(*values, year=2025):
    return [Point(year=year, period=period, value=value) for period, value in values]


def ids(area="39000", size="5", industry="54"):
    return [f"ENU{area}{kind}{size}5{industry}" for kind in "1234"]


def test_four_series_make_one_cell():
    employees, establishments, wages, weekly = ids()
    (cell,) = read_cells(
        {
            employees: points(("M03", 900.0), ("M02", 880.0), ("M13", 890.0)),
            establishments: points(("Q01", 12.0)),
            wages: points(("Q01", 15_000_000.0)),
            weekly: points(("Q01", 1282.0)),
        }
    )
    assert (cell.area_fips, cell.own_code, cell.industry_code, cell.size_code) == ("39000", "5", "54", "5")
    assert (cell.agglvl_code, cell.year, cell.qtr, cell.disclosure_code) == ("64", 2025, "1", "")
    assert (cell.employment, cell.establishments, cell.total_wages, cell.avg_weekly_wage) == (900, 12, 15_000_000, 1282)


def test_a_measure_that_no_series_tells_is_none():
    (cell,) = read_cells({ids()[0]: points(("Q01", 900.0))})
    assert (cell.employment, cell.establishments, cell.total_wages, cell.avg_weekly_wage) == (900, None, None, None)


def test_a_dash_withholds_the_cell():
    employees, establishments, wages, _ = ids()
    (cell,) = read_cells({employees: points(("Q01", None)), establishments: points(("Q01", 3.0)), wages: []})
    assert (cell.disclosure_code, cell.establishments, cell.employment) == ("N", 3, None)
    (cell,) = read_cells({employees: points(("Q01", None)), establishments: points(("Q01", None))})
    assert (cell.disclosure_code, cell.establishments) == ("-", None)


def test_each_quarter_and_year_is_a_cell_of_its_own():
    cells = read_cells({ids()[1]: points(("Q01", 1.0), ("Q02", 2.0)) + points(("Q01", 3.0), ("A01", 4.0), year=2024)})
    assert [(cell.year, cell.qtr, cell.establishments) for cell in cells] == [
        (2025, "1", 1),
        (2025, "2", 2),
        (2024, "1", 3),
        (2024, "A", 4),
    ]


@pytest.mark.parametrize(
    ("period", "quarter"),
    [("Q04", "4"), ("M12", "4"), ("M09", "3"), ("M06", "2"), ("M01", None), ("M13", None), ("A01", "A"), ("S01", None)],
)
def test_the_quarter_of_a_period(period, quarter):
    assert quarter_of(period) == quarter


@pytest.mark.parametrize("wrong", ["", "ENU39049", "CEU0500000001", "ENU3904960510", "ENU3904910510; DROP"])
def test_what_is_no_series_is_refused(wrong):
    with pytest.raises(ArgumentError, match="ENU3904910510"):
        parts(wrong)


def test_the_series_of_a_target():
    found = series_of(["39000", "39049"], ["54", "5415", "31-33"], ["0", "5"])
    assert len(found) == 4 * 5  # no sizes for the county, none for four digits in a state, no combined sector
    assert set(ids()) <= set(found)
    assert {parts(one)[0].industry for one in found} == {"54", "5415"}


def test_the_series_of_a_cell_stay_in_one_query():
    many = [one for industry in ("11", "21", "22", "23", "42", "51", "52") for one in ids(industry=industry)]
    found = list(batches([*many, many[0]], 25))
    assert [len(batch) for batch in found] == [24, 4]
    assert [one for batch in found for one in batch] == many
