from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.ops.leads.cells import FULL_WIDTH, cell


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\x00=1", "\uff1d1+1"]
)
def test_a_formula_becomes_text(formula):
    assert str(cell(formula)).startswith("'")


@pytest.mark.parametrize("plain", ["Ada Brook", "+15555550142", "-3.5", "", "a=b", "j@acme.example"])
def test_plain_text_and_numbers_stay_as_they_are(plain):
    assert cell(plain) == plain


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (91, 91),
        (datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
        (["a", 1], '["a", 1]'),
    ],
)
def test_other_values_are_readable(value, written):
    assert cell(value) == written


@given(st.text())
def test_no_text_starts_a_formula_and_none_is_lost(text):
    shown = str(cell(text))

    assert not shown.lstrip(" ").startswith(("=", "@", *FULL_WIDTH))
    assert shown.endswith("".join(sign for sign in text if sign >= " " or sign in "\t\n\r"))
