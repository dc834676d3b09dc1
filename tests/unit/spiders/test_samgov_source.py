from datetime import date

import pytest

from leadspiders.errors import ArgumentError
from leadspiders.spiders.samgov_source import month_of

TODAY = date(2026, 11, 21)


def test_a_month_is_its_first_day():
    assert month_of("2026-09", TODAY) == date(2026, 9, 1)
    assert month_of(None, TODAY) == date(2026, 11, 1)


@pytest.mark.parametrize("text", ["09/2026", "2026-13", "september"])
def test_another_form_is_refused_with_an_example(text):
    with pytest.raises(ArgumentError, match="month=2026-11"):
        month_of(text, TODAY)
