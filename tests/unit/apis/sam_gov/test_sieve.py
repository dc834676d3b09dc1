import pytest

from leadspiders.apis.sam_gov.company import Registration
from leadspiders.apis.sam_gov.sieve import Sieve, prefixes

GEAR = {"status": "Active", "state": "OH", "country": "USA", "naics": "332710", "evs_source": "E&Y"}


def judged(sieve, **other):
    return sieve.judge(Registration(uei="U", name="N", **GEAR | other))


@pytest.mark.parametrize(
    ("sieve", "other", "reason"),
    [
        (Sieve(), {}, None),
        (Sieve(), {"status": None, "state": None, "country": None, "naics": None}, None),
        (Sieve(status="A"), {}, None),
        (Sieve(status="A"), {"status": "E"}, "registration-status"),
        (Sieve(status="E"), {"status": "Expired"}, None),
        (Sieve(status="A"), {"status": None}, "registration-status"),
        (Sieve(countries=frozenset({"United States"})), {}, None),
        (Sieve(countries=frozenset({"United States"})), {"country": "DEU"}, "outside-countries"),
        (Sieve(countries=frozenset({"United States"})), {"country": None}, None),
        (Sieve(states=frozenset({"OH"})), {}, None),
        (Sieve(states=frozenset({"TX"})), {}, "outside-states"),
        (Sieve(states=frozenset({"TX"})), {"state": None}, "outside-states"),
        (Sieve(naics=("33",)), {}, None),
        (Sieve(naics=("54",)), {}, "outside-industries"),
        (Sieve(naics=("54",)), {"naics": None}, "industry-unknown"),
        (Sieve(naics=("5132",)), {"naics": "511210"}, None),  # its name before 2022
        (Sieve(naics=("511210",)), {"naics": "511210"}, None),
        (Sieve(), {"evs_source": "D&B"}, "marketing-use-not-allowed"),
        (Sieve(), {"hidden": True}, "marketing-use-not-allowed"),
        (Sieve(), {"evs_source": None}, None),
        (Sieve(unknown_use="refuse"), {"evs_source": None}, "marketing-use-unknown"),
        (Sieve(unknown_use="refuse"), {}, None),
    ],
)
def test_the_first_reason_that_speaks_against_a_record(sieve, other, reason):
    assert judged(sieve, **other) == reason


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), ()),
        (("31-33", "54"), ("31", "32", "33", "54")),
        (("541511", "5415", "31", "332710"), ("31", "332710", "5415")),
    ],
)
def test_joined_sectors_are_spelled_out_and_nothing_is_asked_twice(codes, expected):
    assert prefixes(codes) == expected
