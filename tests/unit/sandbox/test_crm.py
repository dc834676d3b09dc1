"""A CRM finds records by unique values, and twins are told by the truth of the world."""

from leadspiders.sandbox.crm import Crm
from leadspiders.sandbox.twins import twins
from leadspiders.sandbox.world.truth import grow

UNIQUE = {"email"}


def test_a_changed_unique_value_moves_the_record() -> None:
    crm = Crm()
    record = crm.add("contacts", {"email": "Old@x.example.com"}, 0.0, UNIQUE)
    crm.change("contacts", record, {"email": "new@x.example.com"}, 1.0, UNIQUE)
    assert crm.find("contacts", "email", "old@x.example.com") is None
    assert crm.find("contacts", "email", "NEW@x.example.com") is record
    crm.remove("contacts", record.id)
    assert crm.find("contacts", "email", "new@x.example.com") is None


def test_two_records_of_one_person_are_twins() -> None:
    world = grow(seed=1, people=100, companies=20)
    second = next(person for person in world.people if person.twin_of)
    first = world.by_id[second.identity]
    other = next(person for person in world.people if person.email_good and person.slug != first.slug)
    crm = Crm()
    crm.add("contacts", {"hs_linkedin_url": f"https://linkedin.com/in/{first.slug}/"}, 0.0, UNIQUE)
    crm.add("contacts", {"email": str(other.email)}, 0.0, UNIQUE)
    assert twins(crm, world)["contacts"] == 0
    crm.add("contacts", {"profile": second.linkedin_url}, 0.0, UNIQUE)
    assert twins(crm, world)["contacts"] == 1


def test_two_records_of_one_company_are_twins() -> None:
    world = grow(seed=1, people=10, companies=5)
    company = world.employers[0]
    crm = Crm()
    crm.add("companies", {"domain": company.domain}, 0.0, set())
    crm.add("companies", {"name": "Elsewhere", "domain": "elsewhere.example"}, 0.0, set())
    assert twins(crm, world)["companies"] == 0
    crm.add("companies", {"name": company.legal_name.upper()}, 0.0, set())
    assert twins(crm, world)["companies"] == 1
