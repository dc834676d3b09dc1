import pytest

from leadspiders.apis.bls.rows import read_rows, read_slice
from leadspiders.apis.drift import Drift
from leadspiders.errors import NotPublished, RequestRefused, Unavailable, Unreadable

HEADER = (
    "area_fips,own_code,industry_code,agglvl_code,size_code,year,qtr,disclosure_code,qtrly_estabs,month3_emplvl,"
    "total_qtrly_wages,avg_wkly_wage,lq_disclosure_code,oty_disclosure_code"
)
ROW = "39049,5,10,71,0,2025,1,,610,41500,690000000,1280,,"


def measures(cell):
    return cell.establishments, cell.employment, cell.total_wages, cell.avg_weekly_wage


@pytest.fixture
def cells(reply, payload):
    return lambda name, **options: list(read_slice(reply(payload(f"bls/{name}.csv")), **options))


def test_quarterly_slice(cells):
    first, second, *_ = cells("quarterly_metro")
    assert (first.area_fips, first.own_code, first.industry_code, first.agglvl_code) == ("C1242", "0", "10", "40")
    assert (first.size_code, first.year, first.qtr, first.disclosure_code) == ("0", 2025, "4", "")
    assert measures(first) == (76_990, 1_321_014, 32_155_866_762, 1_876)
    assert second.disclosure_code == "-"
    assert measures(second) == (None, None, None, None)


def test_annual_slice(cells):
    found = cells("annual_industry")
    assert (found[0].qtr, measures(found[0])) == ("A", (11_866_306, 153_140_899, 11_081_267_615_470, 1_392))
    assert (found[-1].disclosure_code, measures(found[-1])) == ("N", (53, None, None, None))


def test_bulk_file_with_titles_and_other_column_names(cells):
    found = cells("bulk_by_area")
    assert {cell.disclosure_code for cell in found} == {"", "N", "-"}
    assert {cell.area_fips for cell in found} == {"34033"}
    published = next(cell for cell in found if not cell.disclosure_code)
    assert None not in measures(published)


def test_size_slice_keeps_the_hyphen_of_a_combined_sector(cells):
    found = cells("size")
    assert [(cell.industry_code, cell.size_code, cell.own_code) for cell in found] == [
        ("10", "5", "5"),
        ("31-33", "5", "5"),
        ("22", "9", "5"),
    ]
    assert measures(found[2]) == (3, None, None, None)


@pytest.mark.parametrize("name", ["quarterly_area", "annual_area", "bulk_by_area"])
def test_a_withheld_measure_is_never_zero(cells, name):
    for cell in cells(name):
        if cell.disclosure_code:
            assert cell.employment is cell.total_wages is cell.avg_weekly_wage is None
        assert (cell.establishments is None) == (cell.disclosure_code == "-")


def test_an_unknown_code_withholds_everything():
    (cell,) = read_rows([HEADER, ROW.replace("1,,610", "1,Q,610")])
    assert measures(cell) == (None, None, None, None)


def test_extras_follow_the_code_of_their_own_group(cells):
    found = cells("quarterly_area", extras=True)
    by_codes = {}
    for line, cell in zip(range(len(found)), found, strict=True):
        by_codes.setdefault(
            (cell.disclosure_code, "lq_avg_wkly_wage" in cell.extras, "oty_avg_wkly_wage_chg" in cell.extras), line
        )
    assert set(by_codes) == {
        ("", True, True),
        ("", True, False),
        ("", False, True),
        ("N", False, False),
        ("-", False, False),
    }
    withheld = found[by_codes["N", False, False]].extras
    assert {name for name in withheld if "estabs" not in name} == set()
    assert found[by_codes["-", False, False]].extras == {}
    full = found[by_codes["", True, True]].extras
    assert isinstance(full["lq_avg_wkly_wage"], float)
    assert isinstance(full["month1_emplvl"], int)
    assert "qtrly_estabs" not in full


def test_titles_of_a_bulk_file_stay_in_withheld_rows(cells):
    assert all(cell.extras["area_title"] == "Salem County, New Jersey" for cell in cells("bulk_by_area", extras=True))


def test_extras_cost_nothing_unless_wanted(cells):
    assert all(not cell.extras for cell in cells("quarterly_area"))


@pytest.mark.parametrize("column", ["size_code", "qtrly_estabs", "month3_emplvl", "total_qtrly_wages", "avg_wkly_wage"])
def test_a_missing_column_is_named(column):
    with pytest.raises(Unreadable, match=column):
        list(read_rows([HEADER.replace(column, "renamed"), ROW]))


def test_a_byte_order_mark_and_quotes_do_not_hide_the_first_column():
    assert len(list(read_rows(["\ufeff" + ",".join(f'"{name}"' for name in HEADER.split(",")), ROW]))) == 1


def test_header_without_rows_is_no_error_but_nothing_published():
    with pytest.raises(NotPublished):
        list(read_rows([HEADER + "\r\n", "\r\n"]))


def test_an_empty_file_is_unreadable():
    with pytest.raises(Unreadable):
        list(read_rows([]))


@pytest.mark.parametrize("bad", ["39049,5,10,71,0,2025,1,,610", ROW.replace("610", "many"), ROW.replace("610", "6.5")])
def test_a_broken_row_is_put_aside_and_the_next_one_read(bad):
    broken = []
    cells = list(read_rows([HEADER, ROW, bad, ROW], refuse=broken.append))
    assert len(cells) == 2
    assert [(one.index, one.raw) for one in broken] == [(1, bad)]
    with pytest.raises(Unreadable, match="row 2"):
        list(read_rows([HEADER, ROW, bad, ROW]))


def test_rows_are_read_as_they_come():
    def lines():
        yield HEADER
        yield ROW
        raise AssertionError("read ahead")

    assert next(read_rows(lines())).establishments == 610


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, "<html>Not found</html>", NotPublished),
        (503, "busy", Unavailable),
        (403, "<html>Access denied</html>", Unavailable),
        (400, "no", RequestRefused),
        (200, "<html>maintenance</html>", Unreadable),
    ],
)
def test_replies_that_are_no_slice(reply, status, body, error):
    with pytest.raises(error):
        list(read_slice(reply(body, status)))


def test_a_group_of_columns_without_its_code_is_drift():
    drift = Drift()
    list(read_rows([HEADER.replace("oty_disclosure_code", "oty_qtrly_estabs_chg"), ROW], drift=drift))
    assert set(drift.fields) == {("bls", "oty_disclosure_code", "missing")}
    assert drift.share("bls") == 1.0


def test_a_new_column_is_counted_and_loses_nothing():
    drift = Drift()
    list(read_rows([HEADER + ",new_column", ROW + ",1"], drift=drift))
    assert set(drift.fields) == {("bls", "new_column", "unknown")}
    assert drift.share("bls") == 0.0


def test_a_file_cut_to_its_first_columns_is_no_drift():
    drift = Drift()
    cut = HEADER.removesuffix(",lq_disclosure_code,oty_disclosure_code")
    assert len(list(read_rows([cut, ROW.removesuffix(",,")], drift=drift))) == 1
    assert not drift.fields


def test_annual_bulk_files_may_name_the_count_as_quarterly_ones_do():
    header = HEADER.replace("qtrly_estabs", "annual_avg_estabs_count").replace("month3", "annual_avg")
    drift = Drift()
    (cell,) = read_rows([header, ROW.replace(",1,,610", ",A,,610")], drift=drift)
    assert (cell.qtr, cell.establishments) == ("A", 610)
    assert not drift.fields


def test_documented_columns_are_no_drift(reply, payload):
    drift = Drift()
    for name in ("quarterly_area", "annual_area", "bulk_by_area", "size", "annual_industry"):
        list(read_slice(reply(payload(f"bls/{name}.csv")), drift=drift))
    assert not drift.fields
    assert drift.records["bls"] == 5
