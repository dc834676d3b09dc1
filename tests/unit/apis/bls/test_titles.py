import pytest

from leadspiders.apis.bls.titles import is_micro, title


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("area", "39049", "Franklin County, Ohio"),
        ("area", "US000", "U.S. TOTAL"),
        ("industry", "10", "Total, all industries"),
        ("industry", "31-33", "Manufacturing"),
        ("industry", "113310", "Logging"),
        ("industry", "238111", "Residential poured foundation contractors"),
        ("ownership", "5", "Private"),
        ("size", "9", "1000 or more employees per establishment"),
        ("level", "64", "State, Private, NAICS Sector, by establishment size class"),
        ("area", "C9999", "C9999"),
    ],
)
def test_codes_have_titles(kind, code, expected):
    assert title(kind, code) == expected


def test_small_metros_are_told_apart():
    assert is_micro("C1010")
    assert not is_micro("C1242")
