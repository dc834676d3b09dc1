import pytest

from leadspiders.apis.http import converse
from leadspiders.apis.hunter.contract import API
from leadspiders.apis.hunter.domain import count_call, domain_call, people_of, read_count, read_page
from leadspiders.errors import ArgumentError, QuotaUsedUp, Unreadable


def page(reply, start, count, total):
    emails = [{"value": f"p{n}@x.example.com", "type": "personal"} for n in range(start, start + count)]
    return reply({"data": {"emails": emails}, "meta": {"results": total}})


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


def test_pages_until_there_are_no_more(reply):
    pages = [page(reply, 0, 100, 230), page(reply, 100, 100, 230), page(reply, 200, 30, 230)]
    people, calls = converse(people_of("x.example.com", most=1000), pages)
    assert [dict(call.params)["offset"] for call in calls] == ["0", "100", "200"]
    assert len({person.email for person in people}) == len(people) == 230


def test_pages_until_there_are_enough(reply):
    people, calls = converse(people_of("x.example.com", most=10), [page(reply, 0, 10, 230)])
    assert (len(people), len(calls), dict(calls[0].params)["limit"]) == (10, 1, "10")


def test_an_empty_page_is_the_end_whatever_the_total_says(reply):
    people, calls = converse(people_of("x.example.com", most=1000), [page(reply, 0, 0, 230)])
    assert (people, len(calls)) == ([], 1)


@pytest.mark.parametrize("body", ["", "[]", {}, {"data": None}, {"data": {"emails": None}}, {"data": {"emails": "x"}}])
def test_a_body_that_is_no_page(reply, body):
    with pytest.raises(Unreadable):
        read_page(reply(body))


def test_a_count(reply):
    assert read_count(reply({"data": {"total": 9, "personal_emails": 7}})) == 7
    assert count_call("x.example.com").credits == 0.0
    with pytest.raises(Unreadable):
        read_count(reply({"data": []}))
    with pytest.raises(QuotaUsedUp):
        read_count(reply("", 429))
