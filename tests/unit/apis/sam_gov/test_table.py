import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.sam_gov.table import read_table
from leadspiders.errors import Unreadable


def test_nothing_is_written_in_two_ways_in_the_csv(payload):
    (company,) = read_table(payload("sam_gov/extract.csv").decode().splitlines())
    assert (company.website, company.naics_code, company.marketing_use) == (None, None, "no")
    assert company.extras["business_types"] == ["2X", "F"]
    assert "dba_name" not in company.extras
    assert company.extras["contacts"][0] == {"role": "government", "name": "FIRST LAST", "title": "TITLE"}


def test_a_csv_needs_its_columns(payload):
    drift = Drift()
    text = payload("sam_gov/extract.csv").decode()
    list(read_table(text.splitlines(), drift=drift))
    assert not drift.fields
    list(read_table(text.replace("entityURL", "web").splitlines(), drift=drift))
    assert set(drift.fields) == {("sam_gov.table", "entityURL", "missing")}
    with pytest.raises(Unreadable, match="ueiSAM"):
        list(read_table(["a,b", "1,2"]))


def test_a_cut_row_is_put_aside(payload):
    broken = []
    lines = [*payload("sam_gov/extract.csv").decode().splitlines(), "Yes,CUT"]
    assert len(list(read_table(lines, refuse=broken.append))) == 1
    assert [(one.index, one.raw) for one in broken] == [(1, "Yes,CUT")]
    with pytest.raises(Unreadable, match="row 2"):
        list(read_table(lines))
