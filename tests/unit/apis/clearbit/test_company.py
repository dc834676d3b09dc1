import json

import pytest

from leadspiders.apis.clearbit.company import find_company_call, read_company
from leadspiders.apis.clearbit.contract import API
from leadspiders.apis.clearbit.domain import find_domain_call, read_domain
from leadspiders.apis.drift import Drift
from leadspiders.errors import Unreadable

GEAR = {
    "id": "c5a6a9c5",
    "name": "Ohio Gear Works",
    "legalName": "Ohio Gear Works, Inc.",
    "domain": "ohiogear.example.com",
    "site": {"phoneNumbers": ["+1 312-555-0111", "+1 312-555-0112"], "emailAddresses": []},
    "category": {"sector": "Industrials", "industry": "Machinery", "naicsCode": "332710"},
    "metrics": {"employees": 140, "employeesRange": "51-250", "annualRevenue": None},
    "geo": {"streetNumber": "7", "streetName": "Mill Street", "city": "Dayton", "stateCode": "OH", "countryCode": "US"},
    "linkedin": {"handle": "company/ohio-gear"},
    "foundedYear": 1950,
    "tech": ["google_apps"],
    "parent": {"domain": None},
}


def test_a_company():
    company = read_company(json.dumps(GEAR).encode())
    assert (company.name, company.legal_name, company.domain) == (
        "Ohio Gear Works",
        "Ohio Gear Works, Inc.",
        "ohiogear.example.com",
    )
    assert (company.employees, company.naics_code, company.industry) == (140, "332710", "Machinery")
    assert (company.phone, company.street, company.city, company.state) == (
        "+1 312-555-0111",
        "7 Mill Street",
        "Dayton",
        "OH",
    )
    assert company.linkedin_url == "https://www.linkedin.com/company/ohio-gear"
    assert (company.founded_year, company.annual_revenue) == (1950, None)
    assert company.extras["tech"] == ["google_apps"]
    assert company.extras["employee_range"] == "51-250"


def test_most_of_it_may_be_null():
    empty = dict.fromkeys(GEAR) | {"metrics": {"employees": None}, "category": {}, "site": {"phoneNumbers": []}}
    company = read_company(json.dumps(empty).encode())
    assert (company.name, company.employees, company.phone, company.street, company.provider_key) == (None,) * 5


def test_drift_is_noticed_and_costs_one_field():
    drift = Drift()
    body = GEAR | {"metrics": {"employees": "many", "mood": 1}, "foundedYear": "1950", "color": "red"}
    company = read_company(json.dumps(body).encode(), drift)
    assert (company.employees, company.founded_year) == (None, 1950)
    assert company.extras["color"] == "red"
    assert drift.fields == {
        ("clearbit.companies", "metrics.employees", "wrong type"): 1,
        ("clearbit.companies", "metrics.mood", "unknown"): 1,
        ("clearbit.companies", "color", "unknown"): 1,
    }


@pytest.mark.parametrize("read", [read_company, read_domain])
@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"7", b'{"id":'])
def test_another_body(read, raw):
    with pytest.raises(Unreadable):
        read(raw)


def test_a_domain_by_name():
    company = read_domain(b'{"name": "Ohio Gear Works", "domain": "ohiogear.example.com", "logo": "x"}')
    assert (company.name, company.domain) == ("Ohio Gear Works", "ohiogear.example.com")
    with pytest.raises(Unreadable):
        read_domain(b'{"name": "Ohio Gear Works"}')


def test_calls_and_their_price():
    one = find_company_call("ohiogear.example.com")
    assert one.url(API.base_url) == "https://company.clearbit.com/v2/companies/find?domain=ohiogear.example.com"
    assert find_domain_call("A & B").url(API.base_url) == "https://company.clearbit.com/v1/domains/find?name=A+%26+B"
    assert one.credits == 1.0
