import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.contact import Contact
from leadspiders.rules.qualify import is_qualified, why_not

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")
REACHABLE = Contact(email="dana.field@shop.example.com", email_status="valid")


@pytest.mark.parametrize(("quality", "qualified"), [(74, False), (75, True), (100, True)])
def test_marketers_need_a_quality_of_75(quality, qualified):
    assert is_qualified(MARKETERS, quality, 0, REACHABLE) is qualified


@pytest.mark.parametrize(
    ("status", "qualified"), [("valid", True), ("risky", True), ("unknown", True), (None, True), ("invalid", False)]
)
def test_marketers_need_an_address_that_is_not_invalid(status, qualified):
    contact = Contact(email="dana.field@shop.example.com", email_status=status)
    assert is_qualified(MARKETERS, 90, 0, contact) is qualified


def test_an_address_of_broken_syntax_is_invalid_too():
    contact = Contact(email="dana.field@", email_status=None, flags=["email-invalid"])
    assert why_not(MARKETERS, 90, 0, contact) == ["the e-mail address is invalid"]


@pytest.mark.parametrize(("fit", "qualified"), [(79, False), (80, False), (81, True)])
def test_employers_need_a_fit_above_80_with_or_without_a_person(fit, qualified):
    assert is_qualified(EMPLOYERS, 0, fit, None) is qualified
    assert is_qualified(EMPLOYERS, 0, fit, Contact(email="x@", email_status="invalid")) is qualified


def test_all_reasons_are_told():
    contact = Contact(email="x@shop.example.com", email_status="invalid")
    assert why_not(MARKETERS, 60, 0, contact) == [
        "quality is 60, 75 or more is needed",
        "the e-mail address is invalid",
    ]
    assert why_not(EMPLOYERS, 100, 80, None) == ["fit is 80, more than 80 is needed"]
    assert why_not(EMPLOYERS, 0, 81, None) == []
