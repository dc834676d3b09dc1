"""HubSpot on the wire, fact by fact as its sheet says."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from leadspiders.sandbox.in_thread import serving
from leadspiders.sandbox.options import Options
from leadspiders.sandbox.run import build

Json = dict[str, Any]


class Clock:
    """A clock that tests turn."""

    now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


CLOCK = Clock()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(build(Options(people=20, companies=10), clock=CLOCK)) as url:
        yield f"{url}/hubspot"


@pytest.fixture(autouse=True)
def later() -> None:
    """Every test has ten seconds of its own."""
    CLOCK.now += 20


def call(base: str, path: str, body: Any = None, method: str = "POST", token: str = "pat") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, base + path, json=body, headers=headers, timeout=5)


def contact(email: str, trace: str | None = None, **properties: str) -> Json:
    found: Json = {"idProperty": "email", "id": email, "properties": {"email": email, **properties}}
    return found | ({"objectWriteTraceId": trace} if trace else {})


def upsert(base: str, *inputs: Json, kind: str = "contacts") -> requests.Response:
    return call(base, f"/crm/v3/objects/{kind}/batch/upsert", {"inputs": list(inputs)})


def key_property(base: str, kind: str, name: str) -> None:
    body = {
        "name": name,
        "label": name,
        "type": "string",
        "fieldType": "text",
        "groupName": "companyinformation",
        "hasUniqueValue": True,
    }
    assert call(base, f"/crm/v3/properties/{kind}", body).status_code in (201, 409)


def test_an_upsert_creates_then_updates(base: str) -> None:
    first = upsert(base, contact("up@x.example.com", "r1", firstname="Ann"))
    again = upsert(base, contact("UP@x.example.com", lastname="Lee")).json()["results"][0]
    made = first.json()["results"][0]
    assert (first.status_code, first.json()["status"], made["new"], made["objectWriteTraceId"]) == (
        200,
        "COMPLETE",
        True,
        "r1",
    )
    assert (again["id"], again["new"], again["properties"]["firstname"]) == (made["id"], False, "Ann")


def test_one_wrong_record_fails_alone(base: str) -> None:
    answer = upsert(base, contact("ok@x.example.com", "good"), contact("bad@x.example.com", "bad", made_up="1"))
    body = answer.json()
    assert (answer.status_code, body["status"], body["numErrors"]) == (207, "COMPLETE", 1)
    assert [result["objectWriteTraceId"] for result in body["results"]] == ["good"]
    assert body["errors"][0]["context"] == {"objectWriteTraceId": ["bad"]}
    assert "made_up" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("companies", {"numberofemployees": "many"}),
        ("companies", {"industry": "Computer Software"}),
        ("companies", {"numberofemployees": 12}),
    ],
)
def test_values_must_fit_their_property(base: str, kind: str, properties: Json) -> None:
    key_property(base, "companies", "lead_key")
    wanted = {"idProperty": "lead_key", "id": "k1", "properties": properties}
    body = upsert(base, wanted, kind=kind).json()
    assert body["errors"][0]["category"] == "VALIDATION_ERROR"


def test_an_address_without_a_dot_is_refused(base: str) -> None:
    assert "INVALID_EMAIL" in upsert(base, contact("ann@x")).json()["errors"][0]["message"]


def test_a_duplicate_in_a_batch_fails_all_of_it(base: str) -> None:
    answer = upsert(base, contact("two@x.example.com"), contact("Two@x.example.com"))
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert call(base, "/crm/v3/objects/contacts/two@x.example.com?idProperty=email", method="GET").status_code == 404


def test_a_domain_is_no_identity_until_a_unique_property_is_made(base: str) -> None:
    wanted = {"idProperty": "domain", "id": "x.example.com", "properties": {"domain": "x.example.com"}}
    assert upsert(base, wanted, kind="companies").status_code == 400
    key_property(base, "companies", "lead_key")
    wanted = {"idProperty": "lead_key", "id": "abc", "properties": {"domain": "x.example.com", "name": "X"}}
    made = upsert(base, wanted, kind="companies").json()["results"][0]
    assert made["properties"]["lead_key"] == "abc"
    assert upsert(base, wanted, kind="companies").json()["results"][0]["id"] == made["id"]


def test_a_batch_holds_one_hundred(base: str) -> None:
    assert upsert(base, *(contact(f"n{n}@x.example.com") for n in range(101))).status_code == 400
    assert upsert(base).status_code == 400


def test_a_second_contact_with_one_address_is_a_conflict(base: str) -> None:
    made = upsert(base, contact("one@x.example.com")).json()["results"][0]
    answer = call(base, "/crm/v3/objects/contacts", {"properties": {"email": "one@x.example.com"}})
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert f"Existing ID: {made['id']}" in answer.json()["message"]
    assert call(base, "/crm/v3/objects/contacts", {"properties": {"email": "new@x.example.com"}}).status_code == 201


def test_reading_a_batch_by_address(base: str) -> None:
    upsert(base, contact("read@x.example.com", jobtitle="CFO"))
    body = {
        "idProperty": "email",
        "properties": ["jobtitle"],
        "inputs": [{"id": "read@x.example.com"}, {"id": "nobody@x.example.com"}],
    }
    answer = call(base, "/crm/v3/objects/contacts/batch/read", body)
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert answer.json()["results"][0]["properties"]["jobtitle"] == "CFO"
    assert "email" not in answer.json()["results"][0]["properties"]


def test_a_new_record_is_found_after_some_seconds(base: str) -> None:
    upsert(base, contact("find@x.example.com"))
    equal = {"propertyName": "email", "operator": "EQ", "value": "find@x.example.com"}
    body = {"filterGroups": [{"filters": [equal]}], "properties": ["email"], "limit": 200}
    first = call(base, "/crm/v3/objects/contacts/search", body)
    assert first.json()["total"] == 0
    assert not any(name.lower().startswith("x-hubspot-ratelimit") for name in first.headers)
    CLOCK.now += 5
    assert call(base, "/crm/v3/objects/contacts/search", body).json()["total"] == 1
    assert call(base, "/crm/v3/objects/contacts/search", body | {"limit": 201}).status_code == 400


def test_properties_are_made_once(base: str) -> None:
    body = {"name": "lead_score_ext", "label": "Lead score", "type": "number", "fieldType": "number"}
    assert call(base, "/crm/v3/properties/contacts", body).status_code == 400  # no group
    body["groupName"] = "contactinformation"
    assert call(base, "/crm/v3/properties/contacts", body).status_code == 201
    assert call(base, "/crm/v3/properties/contacts", body).status_code == 409
    assert call(base, "/crm/v3/properties/contacts", body | {"name": "Lead Score"}).status_code == 400
    names = [each["name"] for each in call(base, "/crm/v3/properties/contacts", method="GET").json()["results"]]
    assert "lead_score_ext" in names
    assert call(base, "/crm/v3/properties/contacts/lead_score_ext", method="GET").json()["type"] == "number"
    assert call(base, "/crm/v3/properties/contacts/nothing", method="GET").status_code == 404
    batch = call(base, "/crm/v3/properties/contacts/batch/create", {"inputs": [body, body | {"name": "other_score"}]})
    assert (batch.status_code, batch.json()["numErrors"]) == (207, 1)
    assert upsert(base, contact("s@x.example.com", lead_score_ext="86")).status_code == 200


def pair(base: str) -> tuple[str, str]:
    key_property(base, "companies", "lead_key")
    person = upsert(base, contact("link@x.example.com")).json()["results"][0]["id"]
    wanted = {"idProperty": "lead_key", "id": "linked", "properties": {"name": "L"}}
    return person, upsert(base, wanted, kind="companies").json()["results"][0]["id"]


def test_default_associations(base: str) -> None:
    person, company = pair(base)
    path = "/crm/v4/associations/contacts/companies/batch/associate/default"
    inputs = [{"from": {"id": person}, "to": {"id": company}}, {"from": {"id": person}, "to": {"id": "1"}}]
    answer = call(base, path, {"inputs": inputs})
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert call(base, path, {"inputs": inputs[:1]}).status_code == 200
    read = call(base, "/crm/v4/associations/companies/contacts/batch/read", {"inputs": [{"id": company}]}).json()
    assert [to["toObjectId"] for to in read["results"][0]["to"]] == [int(person)]
    one = f"/crm/v4/objects/contacts/{person}/associations/default/companies/{company}"
    assert call(base, one, method="PUT").status_code == 200


def test_labelled_associations_check_their_type(base: str) -> None:
    person, company = pair(base)
    path = "/crm/v4/associations/contacts/companies/batch/create"

    def wanted(type_id: int) -> Json:
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
        return {"inputs": [{"from": {"id": person}, "to": {"id": company}, "types": types}]}

    assert call(base, path, wanted(279)).status_code == 201
    assert call(base, path, wanted(280)).status_code == 207


def test_the_dated_paths_answer_too(base: str) -> None:
    answer = call(base, "/crm/objects/2026-03/contacts/batch/upsert", {"inputs": [contact("d@x.example.com")]})
    assert answer.status_code == 200


def test_ten_seconds_hold_190_calls(base: str) -> None:
    statuses = [call(base, "/crm/v3/objects/contacts/1", method="GET", token="busy") for _ in range(191)]
    full = statuses.pop()
    assert {each.status_code for each in statuses} == {404}
    assert statuses[-1].headers["X-HubSpot-RateLimit-Remaining"] == "0"
    assert (full.status_code, full.json()["policyName"], full.json()["errorType"]) == (
        429,
        "TEN_SECONDLY_ROLLING",
        "RATE_LIMIT",
    )
    assert "Retry-After" not in full.headers
    CLOCK.now += 10
    assert call(base, "/crm/v3/objects/contacts/1", method="GET", token="busy").status_code == 404


@pytest.mark.parametrize(
    ("token", "status", "category"),
    [
        ("invalid", 401, "INVALID_AUTHENTICATION"),
        ("expired", 401, "EXPIRED_AUTHENTICATION"),
        ("nomaster", 403, "MISSING_SCOPES"),
    ],
)
def test_wrong_tokens(base: str, token: str, status: int, category: str) -> None:
    answer = call(base, "/crm/v3/objects/contacts/1", method="GET", token=token)
    assert (answer.status_code, answer.json()["category"]) == (status, category)
