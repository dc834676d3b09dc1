import pytest

from leadspiders.apis.hunter.contract import API
from leadspiders.apis.hunter.domain import domain_call, read_page
from leadspiders.errors import ArgumentError, Unreadable


def test_the_call():
    call = domain_call("x.example.com", offset=100, department="hr,finance")
    assert call.url(API.base_url) == (
        "https://api.hunter.io/v2/domain-search?domain=x.example.com&type=personal&limit=100&offset=100"
        "&department=hr%2Cfinance"
    )
    assert (call.credits, call.group) == (1.0, "domain")


@pytest.mark.parametrize("asked", [{"domain": ""}, {"domain": "x", "limit": 0}, {"domain": "x", "limit": 101}])
def test_a_call_hunter_would_refuse(asked):
    with pytest.raises(ArgumentError):
        domain_call(**asked)


def test_a_page(reply, payload):
    found = read_page(reply(payload("hunter/domain_search.json")))
    assert (found.total, found.size, found.pattern, found.accept_all) == (3, 3, "{first}.{last}", True)
    [person] = found.people
    assert (person.first_name, person.email, person.email_status) == (
        "Dana",
        "dana.field@ohiogear.example.com",
        "risky",
    )
    assert (person.company.name, person.company.domain) == ("Ohio Gear Works", "ohiogear.example.com")
    assert [broken.index for broken in found.broken] == [2]


@pytest.mark.parametrize("body", ["", "[]", {}, {"data": None}, {"data": {"emails": None}}, {"data": {"emails": "x"}}])
def test_a_body_that_is_no_page(reply, body):
    with pytest.raises(Unreadable):
        read_page(reply(body))
