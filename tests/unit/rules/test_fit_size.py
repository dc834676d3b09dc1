import pytest

from leadspiders.campaigns.target import Between
from leadspiders.campaigns.weights import Size
from leadspiders.items.company import Company
from leadspiders.rules.fit_size import size

WEIGHTS = Size(cap=25, edge=12, unknown=3, sweet_spot=Between(min=100, max=500))
WANTED = Between(min=50, max=1200)


@pytest.mark.parametrize(
    ("staff", "points"),
    [
        (0, 0),
        (49, 0),
        (50, 12),
        (75, 18),
        (99, 25),
        (100, 25),
        (500, 25),
        (501, 25),
        (850, 18),
        (1200, 12),
        (1201, 0),
        (1_000_000, 0),
    ],
)
def test_points_rise_to_the_sweet_spot_and_fall_to_the_ends_of_the_range(staff, points):
    assert size(Company(employees=staff), WEIGHTS, WANTED)[0] == points


@pytest.mark.parametrize(
    ("low", "high", "points", "told"),
    [
        (100, 200, 25, "100-200 staff"),
        (51, 200, 12, "51-200 staff"),
        (201, 500, 25, "201-500 staff"),
        (501, 1000, 16, "501-1,000 staff"),
        (11, 50, 0, "11-50 staff"),
        (1001, None, 16, "1,001 staff and more"),
        (None, 50, 12, "up to 50 staff"),
        (None, None, 3, "not known"),
    ],
)
def test_of_a_range_the_less_favorable_end_counts(low, high, points, told):
    assert size(Company(employee_min=low, employee_max=high), WEIGHTS, WANTED) == (points, 25, told)


def test_a_count_wins_over_a_range():
    assert size(Company(employees=1000, employee_min=51, employee_max=200), WEIGHTS, WANTED)[2] == "1,000 staff"


@pytest.mark.parametrize(("staff", "points"), [(99, 12), (100, 25), (500, 25), (501, 12)])
def test_without_a_wanted_range_all_outside_the_sweet_spot_is_worth_the_edge(staff, points):
    assert size(Company(employees=staff), WEIGHTS, None)[0] == points


@pytest.mark.parametrize("staff", [50, 1200])
def test_a_sweet_spot_as_wide_as_the_range_leaves_no_taper(staff):
    weights = Size(cap=25, edge=12, sweet_spot=WANTED)
    assert size(Company(employees=staff), weights, WANTED)[0] == 25
