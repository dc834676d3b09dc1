import json

import pytest

from leadspiders.apis.clearbit.person import read_person
from leadspiders.errors import Unreadable

DANA = {
    "id": "p1",
    "name": {"fullName": "Dana Field", "givenName": "Dana", "familyName": "Field"},
    "email": "dana@example.com",
    "geo": {"city": "Dayton", "stateCode": "OH", "countryCode": "US"},
    "employment": {"name": "Ohio Gear", "domain": "ohiogear.example.com", "title": "CFO", "seniority": "executive"},
    "linkedin": {"handle": "in/example-dana"},
    "bio": "Gears.",
}


def read(body):
    return read_person(json.dumps(body).encode())


def test_a_person_and_the_employer():
    contact = read({"person": DANA, "company": {"name": "Ohio Gear Works", "domain": "ohiogear.example.com"}})
    assert (contact.full_name, contact.title, contact.city, contact.state) == ("Dana Field", "CFO", "Dayton", "OH")
    assert contact.linkedin_url == "https://www.linkedin.com/in/example-dana"
    assert (contact.email, contact.email_status) == ("dana@example.com", None)
    assert contact.company.name == "Ohio Gear Works"
    assert contact.extras == {"bio": "Gears."}
    assert "dana" not in repr(contact).lower()


def test_either_may_be_unknown():
    alone = read({"person": DANA, "company": None})
    assert (alone.company.name, alone.company.domain) == ("Ohio Gear", "ohiogear.example.com")
    nobody = read({"person": None, "company": {"name": "Ohio Gear Works"}})
    assert (nobody.full_name, nobody.company.name) == (None, "Ohio Gear Works")


@pytest.mark.parametrize("body", [{}, [], None, {"person": "Dana"}, {"person": None, "company": 7}])
def test_another_body(body):
    with pytest.raises(Unreadable):
        read(body)


def test_no_json():
    with pytest.raises(Unreadable):
        read_person(b"<html>")
