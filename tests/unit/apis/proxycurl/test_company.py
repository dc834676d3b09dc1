import json

import pytest

from leadspiders.apis.proxycurl.company import company_call, read_company
from leadspiders.errors import Unreadable

GEAR = {
    "name": "Ohio Gear",
    "website": "http://www.ohiogear.example.com",
    "industry": "Machinery",
    "company_size": [51, 200],
    "hq": {"city": "Dayton", "state": "Ohio", "country": "US", "postal_code": "45402", "is_hq": True},
    "founded_year": 1950,
    "company_size_on_linkedin": 70,
}


@pytest.mark.parametrize(
    ("size", "read"),
    [
        ([51, 200], (None, 51, 200)),
        ([10_001, None], (None, 10_001, None)),
        ([140, 140], (140, None, None)),
        ([], (None, None, None)),
        (None, (None, None, None)),
        ([51], (None, 51, None)),
        ("51-200", (None, None, None)),
        (["many", None], (None, None, None)),
    ],
)
def test_a_company_and_its_size(size, read):
    company = read_company(json.dumps(GEAR | {"company_size": size}).encode())
    assert (company.employees, company.employee_min, company.employee_max) == read
    assert (company.name, company.city, company.founded_year) == ("Ohio Gear", "Dayton", 1950)
    assert company.extras["company_size_on_linkedin"] == 70


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{"])
def test_another_body(raw):
    with pytest.raises(Unreadable):
        read_company(raw)


def test_the_call():
    assert company_call("https://www.linkedin.com/company/gear").path == "/proxycurl/api/linkedin/company"
