from datetime import UTC, datetime

from leadspiders.apis.hubspot.mapping import company_properties, contact_properties
from leadspiders.apis.hubspot.properties import CUSTOM
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.origin import Origin
from leadspiders.items.scores import Points, Scores

SCORES = Scores(
    quality=86,
    quality_points=[],
    fit=74,
    fit_points=[
        Points(points=-5, reason="place", evidence="rural"),
        Points(points=20.0, reason="size", evidence="140 staff"),
    ],
    variant="a",
    version="1",
    is_qualified=True,
)
ORIGIN = Origin(
    source="apollo", url="", fetched_at=datetime(2026, 11, 21, tzinfo=UTC), run_id="r", receipt="x", index=0
)


def lead(**fields):
    company = Company(name="Ohio Gear", domain="ohiogear.example.com")
    return Contact(
        **{"email": "d@example.com", "first_name": "Dana", "last_name": "Field", "company": company} | fields
    )


def test_a_contact_in_standard_properties():
    found = contact_properties(
        lead(title="CFO", phone="+19375550100", city="Dayton", state="OH", country="US"), custom_fields=False
    )
    assert found == {
        "email": "d@example.com",
        "firstname": "Dana",
        "lastname": "Field",
        "jobtitle": "CFO",
        "phone": "+19375550100",
        "company": "Ohio Gear",
        "website": "ohiogear.example.com",
        "city": "Dayton",
        "state": "OH",
        "country": "US",
    }


def test_what_is_not_known_is_not_sent():
    assert contact_properties(Contact(), custom_fields=True) == {}
    assert company_properties(Company(), custom_fields=True) == {}


def test_custom_properties_by_the_switch():
    contact = lead(scores=SCORES, origin=ORIGIN, linkedin_url="https://www.linkedin.com/in/x")
    custom = {one.name for one in CUSTOM}
    assert custom.isdisjoint(contact_properties(contact, custom_fields=False))
    found = contact_properties(contact, custom_fields=True)
    assert custom <= set(found)
    assert (found["leadspiders_score"], found["leadspiders_fit"], found["leadspiders_source"]) == ("86", "74", "apollo")
    assert found["leadspiders_why"] == "+20 size: 140 staff\n-5 place: rural"


def test_a_company():
    company = Company(
        name="Ohio Gear",
        employees=140,
        annual_revenue=21e6,
        postal_code="45402",
        linkedin_url="https://www.linkedin.com/company/x",
        scores=SCORES,
        origin=ORIGIN,
    )
    found = company_properties(company, custom_fields=True)
    assert (found["numberofemployees"], found["annualrevenue"], found["zip"]) == ("140", "21000000", "45402")
    assert found["leadspiders_fit"] == "74"
    assert all(isinstance(value, str) for value in found.values())
