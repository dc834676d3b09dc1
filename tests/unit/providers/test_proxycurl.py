from leadspiders.apis.proxycurl.contract import API
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.providers.proxycurl import Proxycurl

PROFILE, RESOLUTION, PAGE = Proxycurl().offers()
GEAR = Company(domain="gear.example.com", linkedin_url="https://www.linkedin.com/company/gear")


def test_its_own_host_is_retired():
    assert "LEADS_PROXYCURL_URL" in str(Proxycurl().retired(API.base_url))
    assert Proxycurl().retired("http://127.0.0.1:8000/proxycurl") is None


def test_who_wants_what():
    lead = Contact(company=GEAR)
    named = Contact(first_name="Dana", last_name="Field", company=GEAR)
    linked = Contact(linkedin_url="https://www.linkedin.com/in/example-dana")
    assert [PROFILE.wants(one) for one in (lead, named, linked)] == [False, False, True]
    assert [RESOLUTION.wants(one) for one in (lead, named, linked)] == [False, True, False]
    assert [PAGE.wants(one) for one in (lead, named, linked)] == [True, True, False]
