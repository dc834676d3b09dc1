"""Phone numbers, dialable, doubtful and made up."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.rules.phones import Phone, check, e164, kind


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("(937) 223-1234", Phone("+19372231234")),
        ("937.223.1234 ext 5", Phone("+19372231234", "5")),
        ("9372231234;ext=12", Phone("+19372231234", "12")),
        ("+44 20 7946 0958", Phone("+442079460958")),
        ("tel:+1-201-223-0123", Phone("+12012230123")),
        ("1-800-FLOWERS", Phone("+18003569377", None, ("phone-toll-free",))),
        ("(900) 223-1234", Phone("+19002231234", None, ("phone-premium",))),
        ("9372231234.0", Phone("+19372231234")),
        ("937-223-1234 (mobile)", Phone("+19372231234")),
        ("M: 937-223-1234", Phone("+19372231234")),
        ("+44 (0)20 7946 0958", Phone("+442079460958")),
        ("+1 204 234 5678", Phone("+12042345678")),
        ("(937) 555-0123", Phone("+19375550123", None, ("phone-fictional",))),
        ("(999) 223-1234", Phone("+19992231234", None, ("phone-unassigned",))),
        ("0000000000", Phone(flags=("phone-invalid",))),
        ("1234567890", Phone(flags=("phone-invalid",))),
        ("223-1234", Phone(flags=("phone-invalid",))),
        ("(937) 223-1234 / (937) 223-9999", Phone(flags=("phone-invalid",))),
        ("call me", Phone(flags=("phone-invalid",))),
        ("n/a", Phone()),
        (None, Phone()),
    ],
)
def test_check(raw, wanted):
    assert check(raw) == wanted


def test_a_number_without_country_code_is_dialed_in_its_region():
    assert e164("020 7946 0958", "GB") == "+442079460958"
    assert e164("020 7946 0958") is None


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("(937) 223-1234", "fixed-or-mobile"),
        ("1-800-356-9377", "toll-free"),
        ("+44 7400 123456", "mobile"),
        ("+44 20 7946 0958", "fixed"),
        ("(999) 223-1234", "unknown"),
        ("call me", "unknown"),
    ],
)
def test_kind(raw, wanted):
    assert kind(raw) == wanted


@settings(deadline=None, max_examples=100, database=None, derandomize=True)
@given(st.text(alphabet="0123456789+()- ext", max_size=18))
def test_reading_twice_changes_nothing(raw):
    assert e164(e164(raw)) == e164(raw)


@settings(deadline=None, max_examples=300, database=None, derandomize=True)
@given(
    st.from_regex(r"(\+?1)?[ .-]?(\([2-9][0-9]{2}\)|[2-9][0-9]{2})[ .-]?[2-9][0-9]{2}[ .-]?[0-9]{4}", fullmatch=True),
    st.sampled_from(["US", "CA", "DE"]),
)
def test_a_north_american_number_is_what_the_library_reads(raw, region):
    found = phonenumbers.parse(raw, region)
    wanted = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    assert check(raw, region).number == (wanted if phonenumbers.is_possible_number(found) else None)
