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


@pytest.mark.parametrize("rule", [uei, cage])
@pytest.mark.parametrize(
    ("raw", "wanted"), [(" 1abc2 ", "1ABC2"), ("1ABC2", "1ABC2"), ("00000", None), ("null", None), ("a-b", None)]
)
def test_codes(rule, raw, wanted):
    assert rule(raw) == wanted
    assert rule(wanted) == wanted
