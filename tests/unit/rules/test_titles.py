import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadspiders.rules.titles import closest, likeness


@pytest.mark.parametrize(
    ("title", "wanted", "least", "most"),
    [
        ("PPC Manager", "PPC Manager", 100, 100),
        ("ppc manager", "PPC Manager", 100, 100),
        ("CFO", "Chief Financial Officer", 100, 100),
        ("Chief Financial Officer (CFO)", "CFO", 99, 99),
        ("HR Director", "Human Resources Director", 100, 100),
        ("Director of Human Resources", "HR Director", 99, 99),
        ("Dir., HR", "HR Director", 99, 99),
        ("Sr. PPC Manager", "PPC Manager", 99, 99),
        ("Manager, Paid Media", "Paid Media Manager", 99, 99),
        ("Paid-Media Manager", "Paid Media Manager", 100, 100),
        ("Ad Ops Manager", "Ad Operations Manager", 100, 100),
        ("Paid Media Managr", "Paid Media Manager", 90, 99),
        ("Manager", "PPC Manager", 0, 84),
        ("Office Manager", "PPC Manager", 0, 84),
        ("Vice President", "President", 99, 99),
        ("Baker", "CFO", 0, 50),
        ("", "CFO", 0, 0),
    ],
)
def test_likeness(title, wanted, least, most):
    assert least <= likeness(title, wanted) <= most


def test_the_closest_of_several_is_named():
    assert closest("Senior PPC Manager", ("Media Buyer", "PPC Manager", "SEM Manager")) == ("PPC Manager", 99)


def test_nothing_is_close_when_nothing_is_wanted():
    assert closest("PPC Manager", ()) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_stays_between_0_and_100(title, wanted):
    assert 0 <= likeness(title, wanted) <= 100


@given(st.text(min_size=1, max_size=40))
def test_a_title_is_like_itself(title):
    assert likeness(title, title) == 100
