"""NAICS codes of every age, and names of industries."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules import industries


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("332710", "332710"),
        (332710, "332710"),
        ("NAICS 332710", "332710"),
        ("332710Y", "332710"),
        ("332710 - Machine Shops", "332710"),
        ("722511.0", "722511"),
        ("7225", "7225"),
        ("31-33", "31-33"),
        ("48_49", "48-49"),
        ("44", "44-45"),
        # Padded by Form 5500.
        ("541600", "5416"),
        ("813000", "813"),
        # One successor.
        ("511210", "513210"),
        ("443142", "449210"),
        ("442", "449"),
        ("5112", "5132"),
        # NAICS 2012, over 2017.
        ("517110", "517111"),
        ("452112", "455"),
        # Divided: what the successors share.
        ("541712", "54171"),
        ("519130", "51"),
        ("454110", "44-45"),
        # BLS splits NAICS 238 in residential and nonresidential.
        ("238111", "238110"),
        # Unknown, in a sector that exists.
        ("524150", "524150"),
        ("33-45", None),
        ("999999", None),
        ("12", None),
        ("1", None),
        ("machinery", None),
        ("", None),
        (None, None),
    ],
)
def test_naics(raw, wanted):
    assert industries.naics(raw) == wanted
    assert industries.naics(wanted) == wanted


@settings(deadline=None, max_examples=300, database=None, derandomize=True)
@given(st.integers(1, 999_999))
def test_reading_twice_changes_nothing_and_the_sector_holds(number):
    found = industries.naics(number)
    assert industries.naics(found) == found
    if found is not None:
        assert industries.sector(found) == industries.sector(str(number)[:2])


def test_every_superseded_code_leads_to_one_that_is_of_2022():
    for old in industries._superseded():
        assert industries.title(industries.naics(old))
        assert industries.naics(old) in industries._titles()


def test_there_are_twenty_sectors():
    assert len({industries.sector(code) for code in industries._titles()}) == 20


@pytest.mark.parametrize(
    ("code", "sector", "title"),
    [
        ("332710", "31-33", "Manufacturing"),
        ("541511", "54", "Professional and technical services"),
        ("44-45", "44-45", "Retail trade"),
        (None, None, None),
        ("99", None, None),
    ],
)
def test_sector(code, sector, title):
    assert industries.sector(code) == sector
    assert industries.sector_title(code) == title


def test_the_title_of_an_unknown_code_is_that_of_the_industry_above():
    assert industries.title("332710") == "Machine shops"
    assert industries.title("332719") == industries.title("33271")
    assert industries.title("31-33") == "Manufacturing"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Marketing & Advertising", "marketing and advertising"),
        ("Advertising Services", "marketing and advertising"),
        ("Software Development", "computer software"),
        ("machinery", "machinery"),
        ("n/a", None),
    ],
)
def test_from_text(raw, wanted):
    assert industries.from_text(raw) == wanted
    assert industries.from_text(wanted) == wanted


@pytest.mark.parametrize(
    ("code", "several"),
    [
        ("212113", ("212114", "212115")),
        ("NAICS 212113", ("212114", "212115")),
        ("511210", ()),
        ("332710", ()),
        ("no code", ()),
        (None, ()),
    ],
)
def test_a_divided_code_names_what_it_may_be(code, several):
    assert industries.candidates(code) == several
