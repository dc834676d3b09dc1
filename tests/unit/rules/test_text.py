"""Text made fit to read, and folded to compare."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.text import fold, tidy


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("  HR\t Director \n", "HR Director"),
        ("Jane\u200b Doe\ufeff", "Jane Doe"),
        ("Jose\u0301", "José"),
        ("non\u00a0breaking", "non breaking"),
        ("null", None),
        ("N/A", None),
        ("Currently Not Available", None),
        ("-", None),
        ("   ", None),
        ("", None),
        (None, None),
        ("Nulla", "Nulla"),
        ("NaN", None),
        ("nan", None),
        ("Nan", "Nan"),
    ],
)
def test_tidy(raw, wanted):
    assert tidy(raw) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [("São Paulo", "sao paulo"), ("O'Brien & Sons", "o brien sons"), ("STRASSE", "strasse"), ("!", "")],
)
def test_fold(raw, wanted):
    assert fold(raw) == wanted


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.text(max_size=40))
def test_both_are_done_in_one_go(raw):
    assert tidy(tidy(raw)) == tidy(raw)
    assert fold(fold(raw)) == fold(raw)
