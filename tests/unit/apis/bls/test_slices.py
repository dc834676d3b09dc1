import pytest

from leadspiders.apis.bls.contract import API
from leadspiders.apis.bls.slices import size_range, slice_call
from leadspiders.errors import ArgumentError


@pytest.mark.parametrize(
    ("year", "quarter", "by", "code", "path"),
    [
        (2025, 1, "area", "39049", "/cew/data/api/2025/1/area/39049.csv"),
        (2025, "4", "area", "c1242", "/cew/data/api/2025/4/area/C1242.csv"),
        (2025, 1, "area", "39", "/cew/data/api/2025/1/area/39000.csv"),
        (2025, 1, "area", "us", "/cew/data/api/2025/1/area/US000.csv"),
        (2025, 1, "area", "uscms", "/cew/data/api/2025/1/area/USCMS.csv"),
        (2025, 1, "area", "CS198", "/cew/data/api/2025/1/area/CS198.csv"),
        (2024, "A", "industry", "31-33", "/cew/data/api/2024/a/industry/31_33.csv"),
        (2024, "a", "industry", "44_45", "/cew/data/api/2024/a/industry/44_45.csv"),
        (2024, 2, "industry", "1012", "/cew/data/api/2024/2/industry/1012.csv"),
        (2025, 1, "size", "9", "/cew/data/api/2025/1/size/9.csv"),
    ],
)
def test_address_of_a_slice(year, quarter, by, code, path):
    call = slice_call(year, quarter, by, code)
    assert call.url(API.base_url) == "https://data.bls.gov" + path
    assert call.all_headers() == {"Accept": "text/csv"}


@pytest.mark.parametrize(
    ("year", "quarter", "by", "code", "hint"),
    [
        (25, 1, "area", "39049", "year"),
        (2025, 5, "area", "39049", "quarter"),
        (2025, 2, "size", "5", "quarter=1"),
        (2025, "a", "size", "5", "quarter=1"),
        (2025, 1, "size", "10", "one digit"),
        (2025, 1, "area", "Ohio", "39049"),
        (2025, 1, "area", "../x", "39049"),
        (2025, 1, "industry", "33", "31-33"),
        (2025, 1, "industry", "3327101", "2 to 6 digits"),
        (2025, 1, "town", "39049", "area, industry or size"),
    ],
)
def test_what_bls_cannot_have_is_refused_before_the_call(year, quarter, by, code, hint):
    with pytest.raises(ArgumentError, match=hint):
        slice_call(year, quarter, by, code)


def test_size_classes():
    assert [size_range(code) for code in "1259"] == [(0, 4), (5, 9), (50, 99), (1000, None)]
    with pytest.raises(ArgumentError):
        size_range("A")
