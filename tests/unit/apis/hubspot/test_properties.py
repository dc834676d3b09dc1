import pytest

from leadspiders.apis.http import converse
from leadspiders.apis.hubspot.properties import CUSTOM, KEY, ensure_properties, wanted
from leadspiders.errors import CredentialRefused, RequestRefused, Unreadable

ALL = wanted(custom_fields=True)


def there(*names, unique=True):
    return {"results": [{"name": name, "hasUniqueValue": unique and name == KEY} for name in ("email", *names)]}


def test_the_key_always_and_the_rest_by_the_switch():
    assert [one.name for one in wanted(custom_fields=False)] == [KEY]
    assert wanted(custom_fields=True) == (wanted(custom_fields=False)[0], *CUSTOM)


def test_what_is_there_is_left_alone(reply):
    made, calls = converse(ensure_properties("contacts", ALL), [reply(there(*(one.name for one in ALL)))])
    assert made == []
    assert [(call.method, call.path) for call in calls] == [("GET", "/crm/v3/properties/contacts")]


def test_what_is_missing_is_made(reply):
    replies = [reply(there("leadspiders_score")), reply({"status": "COMPLETE", "results": []}, 201)]
    made, calls = converse(ensure_properties("companies", ALL, version="2026-03"), replies)
    assert made == [one.name for one in ALL if one.name != "leadspiders_score"]
    assert calls[1].path == "/crm/properties/2026-03/companies/batch/create"
    first = calls[1].json["inputs"][0]
    assert first == {
        "name": KEY,
        "label": "Leadspiders key",
        "description": "Ties this record to its lead. Do not edit.",
        "type": "string",
        "fieldType": "text",
        "groupName": "companyinformation",
        "hasUniqueValue": True,
    }
    assert not any(one["hasUniqueValue"] for one in calls[1].json["inputs"][1:])


def test_another_worker_made_one_in_between(reply):
    replies = [
        reply(there()),
        reply({"status": "error", "category": "CONFLICT"}, 409),
        reply(there(KEY)),
        reply({"results": []}, 201),
    ]
    made, calls = converse(ensure_properties("contacts", ALL[:2]), replies)
    assert made == [KEY, "leadspiders_score"]
    assert [one["name"] for one in calls[3].json["inputs"]] == ["leadspiders_score"]


def test_another_worker_made_all_of_them(reply):
    replies = [reply(there()), reply({}, 409), reply(there(KEY))]
    made, _ = converse(ensure_properties("contacts", ALL[:1]), replies)
    assert made == [KEY]


def test_some_were_not_made(reply):
    with pytest.raises(RequestRefused, match="leadspiders_score of contacts"):
        converse(ensure_properties("contacts", ALL[:2]), [reply(there()), reply({}, 207), reply(there(KEY))])


def test_a_key_without_unique_values_cannot_serve(reply):
    with pytest.raises(RequestRefused, match="unique"):
        converse(ensure_properties("contacts", ALL), [reply(there(KEY, unique=False))])


def test_refusals(reply):
    with pytest.raises(CredentialRefused):
        converse(ensure_properties("contacts", ALL), [reply({"category": "MISSING_SCOPES"}, 403)])
    with pytest.raises(RequestRefused):
        converse(ensure_properties("contacts", ALL), [reply(there()), reply({"message": "bad name"}, 400)])
    with pytest.raises(Unreadable):
        converse(ensure_properties("contacts", ALL), [reply({})])
