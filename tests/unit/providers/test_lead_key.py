import pytest

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.lead_key import keep_lead_key, lead_key

ACME = Company(name="Acme", domain="acme.example")


@pytest.mark.parametrize(
    ("known", "bought"),
    [
        ({"provider_key": "apollo:1"}, {"full_name": "Ada Low", "email": "ada@acme.example", "linkedin_url": "in/ada"}),
        ({"linkedin_url": "in/ada"}, {"email": "ada@acme.example", "full_name": "Ada Low"}),
        ({"full_name": "Ada Low", "company": ACME}, {"email": "ada@acme.example"}),
    ],
)
def test_a_lead_stays_the_same_while_more_is_bought_for_it(known, bought):
    assert lead_key(Contact(**known)) == lead_key(Contact(**known | bought)) is not None


def test_two_people_of_one_employer_are_two_leads():
    people = {lead_key(Contact(full_name=name, company=ACME)) for name in ("Ada Low", "Bob High")}
    assert len(people) == 2


def test_a_company_is_a_lead_of_its_own():
    assert lead_key(Contact(company=Company(uei="ABC"))) == "ABC"
    assert lead_key(Contact(company=ACME)) == "acme.example"


def test_nobody():
    assert lead_key(Contact()) is None


def test_a_key_that_was_noted_stays_whatever_is_bought():
    lead = Contact(full_name="Ada Low", company=Company(name="Acme"))
    first = lead_key(lead)
    keep_lead_key(lead, first)
    lead.linkedin_url, lead.provider_key, lead.company.domain = "in/ada", "apollo:1", "acme.example"
    keep_lead_key(lead, lead_key(lead))
    assert lead_key(lead) == first == "ada low|acme"


def test_the_key_of_a_company_is_noted_with_the_company():
    lead = Contact(company=Company(name="Acme"))
    keep_lead_key(lead, lead_key(lead))
    assert (lead.extras, lead.company.extras) == ({}, {"bought_as": "Acme"})
    lead.company.domain = "acme.example"
    assert lead_key(lead) == "Acme"
