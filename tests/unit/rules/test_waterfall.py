import pytest

from leadspiders.campaigns.target import Between
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.waterfall import gaps, is_person, lacks, without_dead_address

ORDER = ("full_name", "email", "domain", "employees")
STAFF = Between(min=50, max=1200)


def test_what_is_missing_comes_in_the_campaigns_order():
    lead = Contact(provider_key="apollo:1", company=Company(domain="example.com"))
    assert gaps(lead, ORDER, STAFF) == ["full_name", "email", "employees"]


def test_of_a_company_without_a_person_only_the_companys_fields_are_missing():
    lead = Contact(company=Company(name="Example", domain="example.com", provider_key="apollo:9"))
    assert not is_person(lead)
    assert gaps(lead, ORDER, STAFF) == ["employees"]


@pytest.mark.parametrize(
    ("email", "status", "flags", "missing"),
    [
        (None, None, [], True),
        (None, None, ["email-invalid"], True),
        ("ada@example.com", "invalid", [], True),
        ("ada@example.com", "risky", [], False),
        ("ada@example.com", None, [], False),
    ],
)
def test_an_invalid_address_is_as_good_as_none(email, status, flags, missing):
    assert lacks(Contact(email=email, email_status=status, flags=flags), "email", None) is missing


@pytest.mark.parametrize(
    ("low", "high", "missing"),
    [(None, None, True), (50, 1200, False), (51, 200, False), (1001, 5000, True), (2000, None, False)],
)
def test_a_range_of_staff_will_do_if_all_or_none_of_it_is_wanted(low, high, missing):
    assert lacks(Contact(company=Company(employee_min=low, employee_max=high)), "employees", STAFF) is missing


def test_an_offer_does_not_see_a_dead_address_and_the_lead_keeps_it():
    lead = Contact(full_name="Ada Example", email="ada@example.com", email_status="invalid")
    seen = without_dead_address(lead)
    assert (seen.full_name, seen.email, seen.email_status) == ("Ada Example", None, None)
    assert lead.email == "ada@example.com"
