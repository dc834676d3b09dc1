import pytest

from leadspiders.campaigns.weights import Industry
from leadspiders.items.company import Company
from leadspiders.rules.fit_industry import industry

WEIGHTS = Industry(
    cap=40,
    unknown=12,
    other=16,
    naics={"54": 36, "5416": 40, "31-33": 35, "7225": 2},
    words={"law": 38, "e-commerce": 33, "consulting": 40, "restaurant": 2, "software": 30, "software development": 31},
)


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("541611", 40),
        ("5416", 40),
        ("541110", 36),
        ("54", 36),
        ("332710", 35),
        ("31-33", 35),
        ("722511", 2),
        ("721110", 16),
    ],
)
def test_the_longest_listed_code_decides(code, points):
    assert industry(Company(naics_code=code), WEIGHTS)[0] == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Law Practice", 38),
        ("lawn care", 16),
        ("E-Commerce", 33),
        ("Management Consulting", 40),
        ("Restaurants", 2),
        ("Software Development", 31),
        ("Computer Software", 30),
        ("Farming", 16),
    ],
)
def test_words_decide_where_no_code_does_as_whole_words_and_the_longest_first(text, points):
    assert industry(Company(industry=text), WEIGHTS)[0] == points
    assert industry(Company(company_type=text), WEIGHTS)[0] == points


def test_words_count_also_beside_a_code_that_is_not_listed():
    assert industry(Company(naics_code="999999", industry="Restaurants"), WEIGHTS)[0] == 2


def test_a_listed_code_wins_over_words():
    assert industry(Company(naics_code="541611", industry="Restaurants"), WEIGHTS)[0] == 40


def test_nothing_known_is_told_as_such():
    assert industry(Company(), WEIGHTS) == (12, 40, "not known")
