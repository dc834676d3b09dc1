"""How records compare that have no key in common: same, different, or for people to decide."""

import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.likeness import named_among, same_company, same_person


def gears(**more):
    return Company(**{"name": "Ohio Gear Works", "city": "Dayton", "state": "OH"} | more)


def dana(**more):
    said = {
        "first_name": "Dana",
        "last_name": "Field",
        "company": gears(),
        "title": "CFO",
        "city": "Dayton",
        "state": "OH",
    }
    return Contact(**said | more)


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        (gears(uei="A"), Company(name="Something Else", uei="a"), "same"),
        (gears(domain="ohiogear.com"), Company(website="www.ohiogear.com"), "same"),
        (gears(), gears(name="OHIO GEAR WORKS, LLC"), "same"),
        (gears(), gears(name="Ohio Gear Worksl"), "unsure"),
        (gears(phone="+19372231234"), gears(name="Ohio Gear Worksl", phone="+19372231234"), "same"),
        (gears(street="1 Mill St"), gears(name="Ohio Gear Worksl", street="1 MILL ST."), "same"),
        (gears(cage="1ABC2"), gears(name="Other", cage="1ABC2"), "same"),
        (gears(ein="123456788"), Company(name="Else", ein="123456788"), "same"),
        (gears(uei="A", ein="123456788"), Company(name="Else", uei="B", ein="123456788"), "unsure"),
        (gears(uei="A", domain="ogw.com"), gears(uei="B", domain="ogw.com"), "unsure"),
        (gears(domain="ogw.com"), Company(name="Smith Dental", domain="ogw.com", city="Akron", state="OH"), "unsure"),
        (gears(domain="ogw.com"), gears(name="Smith Dental", domain="ogw.com"), "same"),
        (gears(domain="ogw.com"), Company(name="OGW", domain="ogw.com", city="Akron", state="OH"), "same"),
        (gears(uei="A", street="1 Mill St"), gears(street="90 Oak Ave"), "unsure"),
        (gears(uei="A", street="1 Mill St"), gears(street="PO Box 9"), "same"),
        (gears(street="1 Mill St"), gears(street="90 Oak Ave"), "same"),
        (gears(domain="ogw.com"), gears(city="Akron", domain="ogw.com"), "same"),
        (gears(ein="123456788"), gears(ein="223456788"), "unsure"),
        (gears(name="Self-employed"), gears(name="Self-employed"), "unsure"),
        (gears(uei="A"), gears(uei="B"), "unsure"),
        (gears(domain="ohiogear.com"), gears(domain="ogw.com"), "unsure"),
        (gears(), gears(city="Toledo"), "unsure"),
        (gears(), gears(state="TX"), "unsure"),
        (gears(), gears(city=None), "unsure"),
        (gears(), gears(name=None), "unsure"),
        (gears(), gears(name="Ohio Gear"), "unsure"),
        (gears(name="Acme"), gears(name="Acme Tool and Die of Dayton"), "unsure"),
        (gears(name="Local 12"), gears(name="Local 13"), "different"),
        (gears(), gears(name="Smith Dental"), "different"),
    ],
)
def test_same_company(a, b, outcome):
    assert same_company(a, b).outcome == outcome
    assert same_company(b, a) == same_company(a, b)
    assert same_company(a, b).why


@pytest.mark.parametrize(
    ("b", "outcome"),
    [
        (dana(), "same"),
        (dana(email="dana@ohiogear.com"), "same"),
        (dana(linkedin_url="linkedin.com/in/dana2"), "unsure"),
        (dana(title="HR Director"), "unsure"),
        (dana(city="Toledo"), "unsure"),
        (dana(last_name="Fields"), "unsure"),
        (dana(last_name="Meadow"), "different"),
        (dana(company=Company(name="Smith Dental", city="Dayton", state="OH")), "different"),
        (dana(last_name=None), "unsure"),
    ],
)
def test_same_person(b, outcome):
    a = dana(linkedin_url="linkedin.com/in/dana")
    assert same_person(a, b).outcome == outcome
    assert same_person(b, a) == same_person(a, b)


def test_one_mailbox_of_two_people_does_not_make_them_one():
    a = dana(email="ownr@x.com", linkedin_url="linkedin.com/in/dana")
    b = dana(email="ownr@x.com", linkedin_url="linkedin.com/in/bo", first_name="Bo", last_name="Rivers")
    assert same_person(a, b).outcome == "different"
    assert same_person(a, dana(email="ownr@x.com", linkedin_url="linkedin.com/in/dana-field")).outcome == "same"


def test_somebody_is_found_among_the_people_of_a_company_by_name_alone_and_never_by_place() -> None:
    def one(first: str, last: str, **more: str) -> Contact:
        return Contact(first_name=first, last_name=last, company=Company(domain="acme.example.com"), **more)

    dana, lee = one("Dana", "Field", email="d@acme.example.com"), one("Lee", "Park", email="l@acme.example.com")
    asker = one("Lee", "Park", linkedin_url="https://www.linkedin.com/in/example-lee")
    assert named_among(asker, [dana, lee]) is lee
    assert named_among(asker, [lee, dana]) is lee
    assert named_among(one("L\u00e9e", "Park"), [dana, lee]) is lee
    assert named_among(one("Lou", "Parker"), [dana, lee]) is None
    assert named_among(asker, [lee, one("Lee", "Park", email="other@acme.example.com")]) is None
    stranger = one("Lee", "Park", linkedin_url="https://www.linkedin.com/in/example-another-lee")
    assert named_among(asker, [stranger]) is None
    assert named_among(asker, [stranger, lee]) is lee
    same = one("Leigh", "Park", linkedin_url="https://www.linkedin.com/in/example-lee")
    assert named_among(asker, [lee, same]) is same
