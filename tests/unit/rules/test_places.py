"""States, countries, cities, metros and ZIP codes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules import places
from leadspiders.rules.text import fold


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Ohio", "OH"),
        ("oh", "OH"),
        ("Ohio, US", "OH"),
        ("Dayton, OH 45402", "OH"),
        ("Dayton, Ohio, United States", "OH"),
        ("Calif.", "CA"),
        ("Washington", "WA"),
        ("Washington, D.C.", "DC"),
        ("District of Columbia", "DC"),
        ("Puerto Rico", "PR"),
        ("U.S. Virgin Islands", "VI"),
        ("West Virginia", "WV"),
        ("W. Virginia", "WV"),
        ("N. Carolina", "NC"),
        ("Tex.", "TX"),
        ("US-CA", "CA"),
        ("New York State", "NY"),
        ("Commonwealth of Virginia", "VA"),
        ("Texas Metropolitan Area", "TX"),
        ("Main", None),
        ("Ontario", None),
        ("US", None),
        ("39", None),
        ("null", None),
        (None, None),
    ],
)
def test_state(raw, wanted):
    assert places.state(raw) == wanted
    assert places.state(wanted) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted", "code"),
    [
        ("USA", "United States", "US"),
        ("us", "United States", "US"),
        ("840", "United States", "US"),
        ("U.S.A.", "United States", "US"),
        ("United States of America", "United States", "US"),
        ("CAN", "Canada", "CA"),
        ("uk", "United Kingdom", "GB"),
        ("Republic of Korea", "South Korea", "KR"),
        ("Ohio", None, None),
        (None, None, None),
    ],
)
def test_country(raw, wanted, code):
    assert places.country(raw) == wanted
    assert places.country(wanted) == wanted
    assert places.region(raw) == code


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("DAYTON", "Dayton"),
        ("dayton, oh", "Dayton"),
        ("NYC", "New York"),
        ("New York City", "New York"),
        ("ST. LOUIS", "St. Louis"),
        ("WINSTON-SALEM", "Winston-Salem"),
        ("MCALLEN", "McAllen"),
        ("O'FALLON", "O'Fallon"),
        ("TRUTH OR CONSEQUENCES", "Truth or Consequences"),
        ("La Jolla", "La Jolla"),
        ("Greater Chicago Area", None),
        ("San Francisco Bay Area", None),
        ("Austin, Texas Metropolitan Area", None),
        ("Chicagoland", None),
        ("Remote", None),
        ("L.A.", "Los Angeles"),
        ("Denver CO", "Denver"),
        ("US-TX", None),
        ("45402", None),
        ("", None),
    ],
)
def test_city(raw, wanted):
    assert places.city(raw) == wanted
    assert places.city(wanted) == wanted


@pytest.mark.parametrize(
    ("city", "state", "wanted"),
    [
        ("New York", "NY", "New York"),
        ("NYC", "NY", "New York"),
        ("BROOKLYN", "NY", "New York"),
        ("Jersey City", "NJ", "New York"),
        ("Palo Alto", "CA", "San Francisco"),
        ("Santa Monica", "CA", "Los Angeles"),
        ("Evanston", "IL", "Chicago"),
        ("Cambridge", "MA", "Boston"),
        ("Cambridge", "OH", None),
        ("Bellevue", "WA", "Seattle"),
        ("Round Rock", "TX", "Austin"),
        ("Aurora", "CO", "Denver"),
        ("Aurora", "IL", "Chicago"),
        ("Alpharetta", "GA", "Atlanta"),
        ("Chicago", None, None),
        ("Dayton", "OH", None),
        ("Greater Boston", None, "Boston"),
        ("San Francisco Bay Area", None, "San Francisco"),
        ("New York City Metropolitan Area", None, "New York"),
        ("Dallas-Fort Worth Metroplex", "TX", None),
        ("Austin, Texas Metropolitan Area", None, "Austin"),
        ("Denver, North Carolina Area", None, None),
        ("Silicon Valley", None, "San Francisco"),
        ("LA", "CA", "Los Angeles"),
        ("LA", "TX", None),
        ("Austin-Round Rock", "TX", "Austin"),
        ("Orange County", "CA", "Los Angeles"),
        ("Washington DC-Baltimore Area", None, None),
        ("Portland", "OR", None),
        ("Manhattan", "KS", None),
        ("Brooklyn", "OH", None),
        (None, "NY", None),
    ],
)
def test_metro(city, state, wanted):
    assert places.metro(city, state) == wanted


def test_every_metro_has_its_own_city():
    own = [("New York", "NY"), ("San Francisco", "CA"), ("Los Angeles", "CA"), ("Chicago", "IL"), ("Boston", "MA")]
    own += [("Seattle", "WA"), ("Austin", "TX"), ("Denver", "CO"), ("Atlanta", "GA")]
    assert [places.metro(*place) for place in own] == [city for city, _ in own]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Dayton, Ohio, United States", ("Dayton", "OH", "United States")),
        ("San Jose, CA", ("San Jose", "CA", None)),
        ("Atlanta, Georgia", ("Atlanta", "GA", None)),
        ("12 Mill St, Dayton, OH 45402, US", ("Dayton", "OH", "United States")),
        ("Ohio", (None, "OH", None)),
        ("United States", (None, None, "United States")),
        ("Toronto, Ontario, Canada", ("Toronto", None, "Canada")),
        ("Greater Chicago Area", (None, None, None)),
        ("Kansas City, Missouri Area", (None, "MO", None)),
        ("Denver CO 80202", ("Denver", "CO", None)),
        ("Denver, CO, 80202", ("Denver", "CO", None)),
        ("Cambridge, England, United Kingdom", ("Cambridge", None, "United Kingdom")),
        ("Remote, US", (None, None, "United States")),
        ("Chicago, Illinois, Vereinigte Staaten", ("Chicago", "IL", "United States")),
        ("CA", (None, None, None)),
        ("Georgia", (None, None, None)),
        (None, (None, None, None)),
    ],
)
def test_locate(line, wanted):
    assert places.locate(line) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [("45402", "45402"), ("45402-1234", "45402-1234"), ("454021234", "45402-1234"), ("2139", None), ("SW1A 1AA", None)],
)
def test_postal_code(raw, wanted):
    assert places.postal_code(raw) == wanted


def test_fips():
    assert places.fips("OH") == "39"
    assert places.fips("DC") == "11"
    assert places.fips("XX") is None
    assert places.state_of_fips("39049") == "OH"
    assert places.state_of_fips("C1242") is None
    assert places.state_of_fips("US000") is None


def test_spellings_of_one_city_have_one_key():
    assert places.city_key("Saint Louis") == places.city_key("St. Louis")
    assert places.city_key("Fort Worth") == places.city_key("FT WORTH")


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.text(alphabet="aeDSnt o'.,-/é1", max_size=20))
def test_a_city_comes_from_its_text(raw):
    found = places.city(raw)
    assert places.city(found) == found
    assert set(fold(found or "")) <= set(fold(raw))
