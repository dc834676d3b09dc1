"""A whole record through all rules."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.rules.text import tidy


def test_a_contact_as_an_export_writes_it():
    lead = Contact(
        full_name="FIELD, DANA, MBA",
        title=" HR  Director",
        email="Dana.Field@OhioGear.example.com",
        phone="(937) 223-0123 x4",
        linkedin_url="http://uk.linkedin.com/in/Dana-Field/?trk=x",
        city="CHICAGO",
        state="Illinois",
        country="US",
        company=Company(
            name="OHIO GEAR WORKS LLC", website="www.ohiogear.example.com/", extras={"employee_range": "51,200"}
        ),
    )
    clean_contact(lead)
    assert (lead.full_name, lead.first_name, lead.last_name) == ("Dana Field", "Dana", "Field")
    assert lead.title == "HR Director"
    assert lead.email == "dana.field@ohiogear.example.com"
    assert lead.phone == "+19372230123"
    assert lead.linkedin_url == "https://www.linkedin.com/in/dana-field"
    assert (lead.city, lead.state, lead.country, lead.metro) == ("Chicago", "IL", "United States", "Chicago")
    assert lead.flags == []
    assert lead.extras == {"full_name": "FIELD, DANA, MBA", "phone_extension": "4"}
    assert (lead.company.name, lead.company.domain) == ("Ohio Gear Works LLC", "ohiogear.example.com")
    assert (lead.company.employees, lead.company.employee_min, lead.company.employee_max) == (None, 51, 200)


def test_a_company_as_sam_gov_writes_it():
    company = Company(
        name="OHIO GEAR WORKS LLC DBA GEARS-R-US",
        uei=" abcdefgh1j23",
        naics_code="332710Y",
        phone="937-223-1234",
        city="DAYTON",
        state="OH",
        postal_code="454021234",
        country="USA",
        street="12  MILL ST",
        cage="null",
    )
    clean_company(company)
    assert (company.name, company.legal_name) == ("Gears-R-US", "OHIO GEAR WORKS LLC")
    assert (company.uei, company.cage, company.naics_code) == ("ABCDEFGH1J23", None, "332710")
    assert (company.street, company.city, company.state) == ("12 MILL ST", "Dayton", "OH")
    assert (company.postal_code, company.country, company.phone) == ("45402-1234", "United States", "+19372231234")
    assert company.extras == {}


@pytest.mark.parametrize(
    ("field", "value", "flag"),
    [
        ("email", "dana@@x.com", "email-invalid"),
        ("phone", "call me", "phone-invalid"),
        ("linkedin_url", "https://example.com/dana", "linkedin-invalid"),
    ],
)
def test_what_cannot_be_read_is_flagged_and_kept(field, value, flag):
    lead = Contact(**{field: value})
    clean_contact(lead)
    assert getattr(lead, field) is None
    assert lead.flags == [flag]
    assert lead.extras == {field: value}


def test_a_mended_field_loses_its_flag():
    lead = Contact(email="dana@@x.com", phone="call me", linkedin_url="dana", flags=["from-a-list"])
    clean_contact(lead)
    assert lead.flags == ["from-a-list", "linkedin-invalid", "email-invalid", "phone-invalid"]
    lead.email, lead.phone, lead.linkedin_url = "info@x.com", "937 223 1234", "linkedin.com/in/dana"
    clean_contact(lead)
    assert lead.flags == ["from-a-list", "email-role"]


def test_a_locked_address_is_missing_and_not_kept():
    lead = Contact(email="email_not_unlocked@domain.com", email_status="valid")
    clean_contact(lead)
    assert (lead.email, lead.email_status, lead.extras) == (None, None, {})
    assert lead.flags == ["email-locked"]


@pytest.mark.parametrize(
    "lead",
    [
        Contact(first_name="DANA", last_name_masked="Fi***d"),
        Contact(first_name="DANA", last_name="Fi***d"),
        Contact(full_name="DANA Fi***d"),
    ],
)
def test_a_masked_name_never_becomes_a_name(lead):
    clean_contact(lead)
    assert (lead.full_name, lead.first_name, lead.last_name, lead.last_name_masked) == (None, "Dana", None, "Fi***d")


def test_the_full_name_comes_from_its_parts_and_its_parts_from_it():
    parts = Contact(first_name="DANA", last_name="FIELD")
    clean_contact(parts)
    assert parts.full_name == "Dana Field"
    whole = Contact(full_name="dana de la cruz")
    clean_contact(whole)
    assert (whole.first_name, whole.last_name) == ("Dana", "de la Cruz")


def test_one_line_of_location_fills_the_place():
    lead = Contact(extras={"location": "Brooklyn, New York, United States"})
    clean_contact(lead)
    assert (lead.city, lead.state, lead.country, lead.metro) == ("Brooklyn", "NY", "United States", "New York")


def test_an_area_is_a_metro_and_no_city():
    lead = Contact(city="Greater Chicago Area")
    clean_contact(lead)
    assert (lead.city, lead.metro, lead.extras) == (None, "Chicago", {"city": "Greater Chicago Area"})


def test_a_state_abroad_is_no_us_state():
    lead = Contact(city="Perth", state="WA", country="Australia")
    clean_contact(lead)
    assert (lead.city, lead.state, lead.country, lead.metro) == ("Perth", None, "Australia", None)
    assert lead.extras == {"state": "WA"}


def test_a_social_page_is_a_website_and_no_domain():
    company = Company(website="facebook.com/acme")
    clean_company(company)
    assert (company.website, company.domain) == ("https://facebook.com/acme", None)


@pytest.mark.parametrize(
    ("company", "wanted"),
    [
        (Company(employees=140), (140, None, None)),
        (Company(employees=0), (None, None, None)),
        (Company(extras={"company_size": "140"}), (140, None, None)),
        (Company(extras={"size": "1000+"}), (None, 1000, None)),
        (Company(extras={"size": "big"}), (None, None, None)),
        (Company(employee_min=50, employee_max=99, extras={"size": "1-10"}), (None, 50, 99)),
    ],
)
def test_staff(company, wanted):
    clean_company(company)
    assert (company.employees, company.employee_min, company.employee_max) == wanted


TEXT = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(["DAYTON, OH", "(937) 223-1234", "x@y.com", "acme.com"])
)
FIRST = st.sampled_from(["Dana", "MARIA", "\u00c9mile", "jean-luc", "J."])
LAST = st.sampled_from(["FIELD", "de la cruz", "O'Neil", "macdonald", "VAN DER BERG", "Sm***h", "F.", "Smith, CPA"])
FORM = st.sampled_from(
    ["{0} {1}", "{1}, {0}", "Dr. {0} {1}", "{0} {1}, MBA", "{0} (Bob) {1} Jr.", "\U0001f680 {0} {1} - CFO", "{0}"]
)
FULL = st.one_of(st.none(), st.builds(lambda form, first, last: form.format(first, last), FORM, FIRST, LAST))
NAMED = st.tuples(FULL, st.one_of(st.none(), FIRST), st.one_of(st.none(), LAST))


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(NAMED, st.tuples(*[TEXT] * 8))
def test_cleaning_twice_changes_nothing(named, values):
    names = (
        "full_name",
        "first_name",
        "last_name",
        "email",
        "phone",
        "linkedin_url",
        "title",
        "city",
        "state",
        "country",
    )
    company = Company(name=values[0], website=values[1], city=values[2], naics_code=values[7], country=values[3])
    lead = Contact(**dict(zip(names, named + values[:7], strict=True)), company=company)
    clean_contact(lead)
    once = deepcopy(lead)
    clean_contact(lead)
    assert lead == once


@settings(deadline=None, max_examples=60, database=None, derandomize=True)
@given(st.tuples(*[TEXT.filter(lambda text: not text or not set(text) & {"*", "\u2022"})] * 6))
def test_nothing_is_lost(values):
    names = ("email", "phone", "linkedin_url", "city", "state", "country")
    lead = Contact(**dict(zip(names, values, strict=True)))
    clean_contact(lead)
    for name, value in zip(names, values, strict=True):
        if getattr(lead, name) is None and tidy(value) is not None:
            assert lead.extras[name] == tidy(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employees", 99_999_999_999),
        ("employees", -5),
        ("employees", float("nan")),
        ("employee_min", 10_000_001),
        ("employee_max", float("inf")),
        ("founded_year", 3020),
        ("founded_year", 12),
    ],
)
def test_a_number_that_cannot_be_goes_to_extras(field, value):
    company = Company(**{field: value})
    clean_company(company)
    assert getattr(company, field) is None
    assert str(company.extras[field]) == str(value)


def test_an_impossible_range_in_extras_is_not_taken():
    company = Company(extras={"size": "1,000,000,000,000"})
    clean_company(company)
    assert company.employees is company.employee_min is None
