import pytest

from leadspiders.apis.clearbit.contract import API
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.clearbit import Clearbit

COMPANY, PERSON, DOMAIN = Clearbit().offers()
GEAR = Company(name="Ohio Gear", domain="gear.example.com")


@pytest.mark.parametrize("url", [API.base_url, "https://person.clearbit.com", "https://company.clearbit.com/proxy"])
def test_its_own_hosts_are_retired(url):
    assert "LEADS_CLEARBIT_URL" in str(Clearbit().retired(url))


def test_another_host_is_asked():
    assert Clearbit().retired("http://127.0.0.1:8000/clearbit") is None


def test_who_wants_what():
    lead, person = Contact(company=GEAR), Contact(email="dana@gear.example.com", company=GEAR)
    assert [COMPANY.wants(one) for one in (lead, person, Contact())] == [True, True, False]
    assert [PERSON.wants(one) for one in (lead, person, Contact())] == [False, True, False]
    assert not PERSON.wants(Contact(email="dana@gear.example.com", email_status="invalid"))
    assert [DOMAIN.wants(one) for one in (lead, Contact(company=Company(name="Ohio Gear")))] == [False, True]


def test_nothing_is_asked_about_a_company_that_is_known():
    full = Company(
        domain="gear.example.com", website="x", industry="y", naics_code="332710", employees=7, founded_year=1950,
        annual_revenue=1.0, phone="+13125550111",
    )  # fmt: skip
    assert not COMPANY.wants(Contact(company=full))
