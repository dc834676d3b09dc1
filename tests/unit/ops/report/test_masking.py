import pytest

from leadspiders.ops.report.masking import email, phone


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("ada@acme.example", "a***@acme.example"),
        ("no-at-sign", "***"),
        ("@acme.example", "***"),
        ("", None),
        (None, None),
    ],
)
def test_an_address_keeps_its_first_letter_and_domain(address, masked):
    assert email(address) == masked


@pytest.mark.parametrize(("number", "masked"), [("+15555550142", "***42"), ("", None), (None, None)])
def test_a_phone_keeps_its_last_two_digits(number, masked):
    assert phone(number) == masked
