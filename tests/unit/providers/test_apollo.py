from leadspiders.apis.drift import Drift
from leadspiders.apis.http import converse
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.apollo import Apollo

MATCH, ORGANIZATION = Apollo().offers()


def test_a_company_without_a_person_is_a_lead_for_the_organization_only():
    lead = Contact(company=Company(name="Ohio Gear", domain="gear.example.com", provider_key="apollo:o1"))
    assert (MATCH.wants(lead), ORGANIZATION.wants(lead)) == (False, True)
    assert not ORGANIZATION.wants(Contact(company=Company(name="Ohio Gear")))


def test_ten_domains_in_one_call(reply):
    leads = [Contact(company=Company(domain=f"{letter}.example.com")) for letter in "abc"]
    found = [None, {"id": "o2", "primary_domain": "b.example.com", "estimated_num_employees": 140}, None]
    bought, calls = converse(
        ORGANIZATION.ask(leads, Drift()), [reply({"organizations": found, "unique_enriched_records": 1})]
    )
    assert calls[0].json == {"domains": ["a.example.com", "b.example.com", "c.example.com"]}
    assert [raw and ORGANIZATION.read(raw, Contact()).company.employees for raw in bought.replies] == [None, 140, None]
    assert bought.credits == 1.0
