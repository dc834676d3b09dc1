"""How far a lead has come."""

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.readiness import REQUIRED, missing_for_ready, state_of


def ready(**changed):
    known = {
        "full_name": "Dana Field",
        "linkedin_url": "https://www.linkedin.com/in/example-dana-field",
        "title": "HR Director",
        "company": Company(name="Ohio Gear Works"),
        "city": "Dayton",
        "state": "OH",
    }
    return Contact(**known | changed)


def test_ready():
    assert state_of(ready()) == "ready"
    assert missing_for_ready(ready()) == []


@pytest.mark.parametrize("field", REQUIRED)
def test_each_required_field_is_required(field):
    lead = ready(**{field: Company() if field == "company" else None}, provider_key="apollo:1")
    assert missing_for_ready(lead) == [field]
    assert state_of(lead) == ("identified" if field == "full_name" else "enriched")


def test_a_masked_name_is_no_name():
    lead = ready(full_name="Dana Fi***d")
    assert missing_for_ready(lead) == ["full_name"]
    assert state_of(lead) == "identified"


def test_the_place_of_the_company_is_not_the_place_of_the_person():
    lead = ready(city=None, company=Company(name="Ohio Gear Works", city="Dayton", state="OH"))
    assert missing_for_ready(lead) == ["city"]


@pytest.mark.parametrize(
    ("lead", "state"),
    [
        (Contact(first_name="Dana", last_name_masked="Fi***d", provider_key="apollo:1"), "identified"),
        (Contact(email="dana@x.com"), "identified"),
        (Contact(email="dana@x.com", full_name="Dana Field"), "enriched"),
        (Contact(email="info@x.com", full_name="Dana Field"), "raw"),
        (Contact(full_name="Dana Field", title="President"), "raw"),
        (Contact(), "raw"),
    ],
)
def test_states_below_ready(lead, state):
    assert state_of(lead) == state
