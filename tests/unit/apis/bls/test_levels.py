import pytest

from leadspiders.apis.bls.levels import level


@pytest.mark.parametrize(
    ("area", "own", "industry", "size", "expected"),
    [
        ("US000", "0", "10", "0", "10"),
        ("US000", "5", "10", "0", "11"),
        ("US000", "5", "332710", "5", "28"),
        ("US000", "5", "31-33", "9", "24"),
        ("39000", "5", "31-33", "5", "64"),
        ("39000", "5", "102", "5", "62"),
        ("39049", "5", "1024", "0", "73"),
        ("39049", "3", "6111", "0", "76"),
        ("C1242", "5", "5415", "0", "46"),
        ("C1010", "0", "10", "0", "80"),
        ("CS198", "0", "10", "0", "30"),
        ("USMSA", "0", "10", "0", "91"),
        ("US000", "8", "10", "0", "95"),
        ("39000", "8", "10", "0", "96"),
    ],
)
def test_the_level_follows_from_the_codes(area: str, own: str, industry: str, size: str, expected: str) -> None:
    assert level(area, own, industry, size) == expected
