"""Head counts, in the dozen ways sources write them."""

from itertools import pairwise

import pytest

from leadspiders.items.company import Company
from leadspiders.rules.sizes import SIZE_CLASSES, Staff, in_range, size_class, staff


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("51-200", (51, 200)),
        ("51\u2013200 employees", (51, 200)),
        ("51 to 200", (51, 200)),
        # Apollo's ranges, beside numbers with thousands.
        ("51,200", (51, 200)),
        ("1,10", (1, 10)),
        ("501,1000", (501, 1000)),
        ("10001,", (10001, None)),
        ("100,249", (100, 249)),
        ("1,234", (1234, 1234, 1234)),
        ("25,000", (25000, 25000, 25000)),
        ("140", (140, 140, 140)),
        (140, (140, 140, 140)),
        ("140.0", (140, 140, 140)),
        ("about 140", (140, 140, 140)),
        ("c_100_249", (100, 249)),
        ("c_1000", (1000, None)),
        ("1000+", (1000, None)),
        ("10,001+ employees", (10001, None)),
        ("1K-5K", (1000, 5000)),
        ("5,001-10,000", (5001, 10000)),
        ("fewer than 50", (0, 49)),
        ("more than 500", (501, None)),
        ("500 or more", (500, None)),
        ("at least 50", (50, None)),
        ("50 to 99 employees per establishment", (50, 99)),
        ("Self-employed", (1, 1, 1)),
        ("50-50", (50, 50, 50)),
        ("2.5k-5k", (2500, 5000)),
        ("up to 50", (0, 50)),
        ("\u2264 50", (0, 50)),
        ("50 or fewer", (0, 50)),
        ("\u2265 1000", (1000, None)),
        ("D (51-200)", (51, 200)),
        ("100-249 (est.)", (100, 249)),
        ("51-200 employees on LinkedIn", (51, 200)),
        ("[51, 200]", (51, 200)),
        ([51, 200], (51, 200)),
        (["51", "200"], (51, 200)),
        ([1001, None], (1001, None)),
        ([200, 51], None),
        ([51], None),
        (140.0, (140, 140, 140)),
        (True, None),
        ("D", None),
        ("0", None),
        (0, None),
        (-5, None),
        ("200-51", None),
        ("1.5", None),
        ("many", None),
        ("", None),
        (None, None),
    ],
)
def test_staff(raw, wanted):
    assert staff(raw) == (Staff(*wanted) if wanted else None)


@pytest.mark.parametrize(
    ("company", "wanted"),
    [
        (Company(employees=49), False),
        (Company(employees=50), True),
        (Company(employees=1200), True),
        (Company(employees=1201), False),
        (Company(), None),
        (Company(employee_min=51, employee_max=200), True),
        (Company(employee_min=11, employee_max=49), False),
        (Company(employee_min=11, employee_max=50), None),
        (Company(employee_min=1001, employee_max=5000), None),
        (Company(employee_min=1201, employee_max=5000), False),
        (Company(employee_min=1000), None),
        (Company(employee_min=10001), False),
        (Company(employee_max=49), False),
        (Company(employees=140, employee_min=1, employee_max=10), True),
    ],
)
def test_range_of_50_to_1200(company, wanted):
    assert in_range(company, 50, 1200) is wanted


def test_a_missing_bound_is_no_bound():
    assert in_range(Company(employee_min=1000), 50, None) is True
    assert in_range(Company(employees=3), None, 10) is True


@pytest.mark.parametrize(
    ("employees", "code"), [(0, "1"), (4, "1"), (5, "2"), (49, "4"), (50, "5"), (249, "6"), (999, "8"), (1000, "9")]
)
def test_size_class(employees, code):
    assert size_class(employees) == code


def test_size_classes_leave_no_gap():
    sizes = list(SIZE_CLASSES.values())
    assert all(low.most + 1 == high.least for low, high in pairwise(sizes))
    assert sizes[-1].most is None


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_no_head_count(raw):
    assert staff(raw) is None
