"""LinkedIn addresses: many spellings, one person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.linkedin import company, person

JANE = "https://www.linkedin.com/in/jane-doe"


@pytest.mark.parametrize(
    "raw",
    [
        JANE,
        "linkedin.com/in/jane-doe",
        "www.linkedin.com/in/jane-doe/",
        "HTTP://WWW.LINKEDIN.COM/IN/JANE-DOE",
        "http://uk.linkedin.com/in/Jane-Doe/?trk=x",
        "https://m.linkedin.com/in/jane-doe/detail/contact-info/",
        "https://www.linkedin.com/mwlite/in/jane-doe",
        "https://www.linkedin.com/in/jane-doe/en",
        "https://www.linkedin.com//in/jane-doe#about",
        "https://www.linkedin.com/in/jane%2Ddoe",
        "https://www.linkedin.com/pub/jane-doe",
        "https://www.linkedin.com/comm/in/jane-doe",
        "de.linkedin.com/in/jane-doe/de?originalSubdomain=de",
        "<https://www.linkedin.com/in/jane-doe>,",
    ],
)
def test_one_person_however_written(raw):
    assert person(raw) == JANE


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("https://sy.linkedin.com/pub/jane-doe/a7/576/b50?trk=x", JANE + "-b50576a7"),
        ("https://www.linkedin.com/pub/jane-doe/1/2b/3", JANE + "-00302b1"),
        ("https://www.linkedin.com/in/jos%c3%a9", "https://www.linkedin.com/in/jos%C3%A9"),
        ("https://www.linkedin.com/in/Jos\u00c9", "https://www.linkedin.com/in/jos%C3%A9"),
        # Member ids are case-sensitive.
        ("linkedin.com/in/ACwAAABcDeFgHiJkLmNoPqRsTuVwXyZ012345678", "https://www.linkedin.com/in/ACwAAABcDeFgHiJkLmNoPqRsTuVwXyZ012345678"),
    ],
)  # fmt: skip
def test_other_forms(raw, wanted):
    assert person(raw) == wanted
    assert person(wanted) == wanted


@pytest.mark.parametrize(
    "raw",
    [
        "https://linkedin.com.evil.com/in/jane",
        "https://evil.com/?u=linkedin.com/in/jane",
        "https://notlinkedin.com/in/jane",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/company/acme",
        "https://www.linkedin.com/pub/dir/Jane/Doe",
        "https://www.linkedin.com/sales/lead/ACwAAAB,NAME",
        "linkedin.com/in/jane%2Fdoe",
        "linkedin.com/in/jane doe",
        "ftp://linkedin.com/in/jane",
        "https://www.linkedin.com/in/unavailable",
        "https://www.linkedin.com/sales/lead/ACwAAABcDeFgHiJkLmNoPqRsTuVwXyZ012345678,NAME",
        "https://www.linkedin.com/school/acme-university",
        "https://[linkedin/in/jane",
        "jane-doe",
        "n/a",
        None,
    ],
)
def test_no_person(raw):
    assert person(raw) is None


def test_company():
    assert company("linkedin.com/company/Acme/about?x=1") == "https://www.linkedin.com/company/acme"
    assert company("linkedin.com/company-beta/123/") == "https://www.linkedin.com/company/123"


@pytest.mark.parametrize("raw", [JANE, "linkedin.com/school/acme", "linkedin.com/showcase/acme-cloud"])
def test_what_is_no_company(raw):
    assert company(raw) is None


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.text(max_size=15))
def test_reading_twice_changes_nothing(slug):
    found = person("https://www.linkedin.com/in/" + slug)
    assert person(found) == found


@pytest.mark.parametrize("head", ["", "http://", "https://www.", "www."])
@settings(deadline=None, max_examples=50, database=None, derandomize=True)
@given(
    slug=st.sampled_from(["nan", "tbd", "profile", "a", "a" * 151]) | st.from_regex("[a-z0-9-]{1,9}", fullmatch=True)
)
def test_a_plain_address_is_read_as_one_with_tracking(head, slug):
    assert company(f"{head}linkedin.com/company/{slug}/") == company(f"{head}linkedin.com/company/{slug}?trk=x")
    assert person(f"{head}linkedin.com/in/{slug}/") == person(f"{head}linkedin.com/in/{slug}?trk=x")
