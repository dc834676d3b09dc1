import pytest

from leadspiders.ops.wording import DASH, clock, count, dollars, duration, percent, share


@pytest.mark.parametrize(
    ("amount", "written"),
    [(None, DASH), (0, "$0.00"), (0.0229, "$0.0229"), (0.6, "$0.60"), (412.6, "$412.60"), (10_000, "$10,000")],
)
def test_dollars_show_what_matters_at_that_size(amount, written):
    assert dollars(amount) == written


@pytest.mark.parametrize(
    ("part", "written"),
    [
        (None, DASH),
        (0, "0 %"),
        (0.125, "12.5 %"),
        (1, "100 %"),
        (0.99999, "99.9 %"),
        (0.00001, "< 0.1 %"),
        (1.005, "100.5 %"),
    ],
)
def test_percent_never_rounds_to_all_or_nothing(part, written):
    assert percent(part) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, DASH),
        (42, "42 s"),
        (60 * 12, "12 min"),
        (3599, "1 h 00 min"),
        (3 * 3600 + 300, "3 h 05 min"),
        (52 * 3600, "2 d 4 h"),
    ],
)
def test_durations_are_as_exact_as_they_are_long(seconds, written):
    assert duration(seconds) == written


def test_a_clock_ticks_in_place():
    assert clock(3723.9) == "1:02:03"


def test_counts_have_thousands():
    assert (count(1234567), count(None)) == ("1,234,567", DASH)


def test_there_is_no_share_of_nothing():
    assert share(1, 0) is None
    assert share(1, 4) == 0.25
