from copy import deepcopy

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.dropcontact import Dropcontact, question

(OFFER,) = Dropcontact().offers()
DANA = Contact(full_name="Dana Field", first_name="Dana", last_name="Field", company=Company(domain="gear.example.com"))


def changed(**fields):
    contact = deepcopy(DANA)
    for name, value in fields.items():
        setattr(contact, name, value)
    return contact


def test_whom_it_wants():
    assert OFFER.wants(DANA)
    assert OFFER.wants(Contact(linkedin_url="https://www.linkedin.com/in/example-dana"))
    assert OFFER.wants(Contact(email="dana@example.com"))
    assert not OFFER.wants(Contact(full_name="Dana Field"))
    assert not OFFER.wants(Contact(company=Company(name="Ohio Gear", domain="gear.example.com")))
    assert not OFFER.wants(Contact(first_name="Dana", last_name_masked="Fi***d", company=Company(name="Ohio Gear")))
    assert not OFFER.wants(changed(full_name="D" * 15_000))


def test_a_dead_address_is_not_sent():
    assert question(changed(email="dana@example.com"))["email"] == "dana@example.com"
    assert "email" not in question(changed(email="dana@example.com", email_status="invalid"))


def test_the_same_question_is_one_fact():
    assert OFFER.fact(DANA) == OFFER.fact(changed(title="CFO", full_name="DANA FIELD"))
    others = [changed(email="d@example.com"), changed(full_name="Lee"), changed(company=Company(name="Gear"))]
    assert len({OFFER.fact(contact) for contact in [DANA, *others]}) == 4
