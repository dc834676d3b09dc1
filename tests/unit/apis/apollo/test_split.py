from itertools import pairwise

from leadspiders.apis.apollo.people import Target
from leadspiders.apis.apollo.split import SENIORITIES, STAFF, split


def test_a_country_is_split_into_states():
    parts = split(Target(titles=("CFO", "HR Director"), locations=("United States",)))
    places = [part.locations for part in parts]
    assert len(places) == len(set(places)) == 51
    assert ("Ohio, US",) in places
    assert ("District of Columbia, US",) in places
    assert {part.titles for part in parts} == {("CFO", "HR Director")}


def test_what_the_search_names_itself_comes_first():
    target = Target(locations=("Ohio, US", "Texas, US"), domains=("a.example", "b.example", "c.example"))
    halves = split(target)
    assert [part.domains for part in halves] == [("a.example",), ("b.example", "c.example")]
    assert [part.locations for part in split(halves[0])] == [("Ohio, US",), ("Texas, US",)]


def test_the_campaign_says_by_what_and_in_which_order():
    target = Target(locations=("United States",))
    assert {part.seniorities for part in split(target, ("seniority", "state"))} == {(level,) for level in SENIORITIES}
    assert {part.employees for part in split(target, ("employees",))} == {(staff,) for staff in STAFF}


def test_titles_are_the_last_resort():
    target = Target(titles=("CFO", "HR Director"), locations=("United States",))
    assert [part.titles for part in split(target, ())] == [("CFO",), ("HR Director",)]


def test_staff_ranges_are_halved_without_a_gap():
    target = Target(titles=("CFO",), locations=("Ohio, US",), employees=((50, 1200),))
    parts = sorted(part.employees[0] for first in split(target) for part in split(first))
    assert (parts[0][0], parts[-1][1]) == (50, 1200)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(parts))


def test_no_staff_range_means_all_of_them():
    parts = [part.employees[0] for part in split(Target(titles=("CFO",), locations=("Ohio, US",)))]
    assert parts[0][0] == 1
    assert all(after[0] == before[1] + 1 for before, after in pairwise(parts))


def test_seniority_is_last_and_then_nothing():
    target = Target(titles=("CFO",), locations=("Ohio, US",), employees=((50, 50),))
    parts = split(target)
    assert [part.seniorities for part in parts] == [(level,) for level in SENIORITIES]
    assert split(parts[0]) == []
