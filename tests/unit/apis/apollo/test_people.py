import json

import pytest

from leadspiders.apis.apollo.contract import API
from leadspiders.apis.apollo.people import Target, read_people, search_people_call
from leadspiders.apis.drift import Drift
from leadspiders.errors import ArgumentError, CredentialRefused, Unreadable


def test_the_search_is_a_json_body_without_empty_filters():
    target = Target(
        titles=("Media Buyer", "PPC Manager"),
        similar_titles=False,
        locations=("Ohio, US",),
        employees=((50, 1200), (51, 200)),
        email_status=("verified",),
    )
    call = search_people_call(target, page=2, per_page=25)
    assert (call.method, call.url(API.base_url)) == ("POST", "https://api.apollo.io/api/v1/mixed_people/api_search")
    assert call.json == {
        "person_titles": ["Media Buyer", "PPC Manager"],
        "include_similar_titles": False,
        "person_locations": ["Ohio, US"],
        "organization_num_employees_ranges": ["50,1200", "51,200"],
        "contact_email_status": ["verified"],
        "page": 2,
        "per_page": 25,
    }
    assert (call.group, call.credits) == ("search", 0.0)


def test_every_filter_has_its_name_in_apollo():
    target = Target(seniorities=("vp",), company_locations=("US",), domains=("a.example.com",), keywords="ads")
    assert target.body() == {
        "person_seniorities": ["vp"],
        "organization_locations": ["US"],
        "q_organization_domains_list": ["a.example.com"],
        "q_keywords": "ads",
    }


@pytest.mark.parametrize(("page", "per_page"), [(0, 100), (501, 100), (1, 0), (1, 101)])
def test_pages_apollo_does_not_serve(page, per_page):
    with pytest.raises(ArgumentError):
        search_people_call(Target(), page, per_page)


def test_a_masked_page(reply, payload):
    page = read_people(reply(payload("apollo/people.json")))
    assert (page.total, page.broken) == (61_234, [])
    first, second = page.contacts
    assert (first.provider_key, first.first_name, first.title) == (
        "apollo:66f1a2b3c4d5e6f7a8b9c0d1",
        "Dana",
        "Media Buyer",
    )
    assert (first.last_name_masked, first.last_name, first.full_name) == ("Fi***d", None, None)
    assert (first.email, first.linkedin_url, first.company.name) == (None, None, "Ohio Gear Works")
    assert first.extras["has_email"] is True
    assert first.extras["has_direct_phone"].startswith("Maybe")
    assert (second.title, second.company.name) == (None, None)
    assert second.extras["has_email"] is False


def test_an_empty_page(reply):
    page = read_people(reply({"total_entries": 0, "people": []}))
    assert (page.total, page.contacts) == (0, [])


def test_a_new_field_is_kept_and_noticed(reply, payload):
    body = json.loads(payload("apollo/people.json"))
    body["people"][0]["pronouns"] = "they"
    del body["people"][1]["title"]
    drift = Drift()
    page = read_people(reply(body), drift)
    assert page.contacts[0].extras["pronouns"] == "they"
    assert set(drift.fields) == {("apollo.people", "pronouns", "unknown"), ("apollo.people", "title", "missing")}
    assert drift.share("apollo.people") == 0.5


def test_the_documented_page_is_no_drift(reply, payload):
    drift = Drift()
    read_people(reply(payload("apollo/people.json")), drift)
    assert not drift.fields


def test_a_person_without_an_id_is_broken(reply):
    page = read_people(reply({"total_entries": 2, "people": [{"first_name": "A"}, {"id": "p"}]}))
    assert [contact.provider_key for contact in page.contacts] == ["apollo:p"]
    assert [one.index for one in page.broken] == [0]


@pytest.mark.parametrize("body", ["<html>", {"total_entries": 0}, {"people": {}}, []])
def test_another_body(reply, body):
    with pytest.raises(Unreadable):
        read_people(reply(body))


def test_the_old_search_is_gone(reply):
    with pytest.raises(CredentialRefused):
        read_people(reply({"error": "use api_search", "error_code": "API_INACCESSIBLE"}, 403))
