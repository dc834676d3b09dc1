"""UEI, CAGE and EIN: keys of identity, so placeholders must not pass."""

import pytest

from leadspiders.rules.registrations import cage, ein, uei


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("12-3456788", "123456788"),
        ("123456788", "123456788"),
        (" 12 3456788 ", "123456788"),
        ("00-0000000", None),
        ("123456789", None),
        ("99-9999999", None),
        ("12-345678", None),
        ("applied for", None),
        ("null", None),
        (None, None),
    ],
)
def test_ein(raw, wanted):
    assert ein(raw) == wanted
    assert ein(wanted) == wanted


@pytest.mark.parametrize(
    ("rule", "raw", "wanted"),
    [
        (uei, " abcdefgh1j23 ", "ABCDEFGH1J23"),
        (uei, "ABCDEFGH 1J23", "ABCDEFGH1J23"),
        (uei, "000000000000", None),
        (uei, "ABCDEFGH1J234", None),
        (uei, "A" * 9000, None),
        (uei, "null", None),
        (cage, " 1abc2 ", "1ABC2"),
        (cage, "00000", None),
        (cage, "1ABC23", None),
        (cage, "a-b", None),
    ],
)
def test_codes(rule, raw, wanted):
    assert rule(raw) == wanted
