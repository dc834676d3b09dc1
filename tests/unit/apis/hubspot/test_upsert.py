import pytest

from leadspiders.apis.drift import Drift
from leadspiders.apis.hubspot.contract import API
from leadspiders.apis.hubspot.upsert import (
    Failure,
    Record,
    Written,
    read_upsert,
    upsert_companies_call,
    upsert_contacts_call,
)
from leadspiders.errors import ArgumentError, QuotaUsedUp, RequestRefused, Unreadable

LEADS = [
    Record(key=f"lead-{number}", properties={"email": f"Lead{number}@example.com", "firstname": "Dana"})
    for number in (1, 2, 3, 4)
]


def test_the_call():
    call = upsert_contacts_call(LEADS[:1])
    assert call.url(API.base_url) == "https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert"
    assert call.json == {
        "inputs": [
            {
                "idProperty": "leadspiders_key",
                "id": "lead-1",
                "objectWriteTraceId": "lead-1",
                "properties": {"email": "Lead1@example.com", "firstname": "Dana", "leadspiders_key": "lead-1"},
            }
        ]
    }
    assert upsert_companies_call(LEADS[:1], version="2026-03").path == "/crm/objects/2026-03/companies/batch/upsert"


def test_contacts_may_be_found_by_email():
    (sent,) = upsert_contacts_call(LEADS[:1], id_property="email").json["inputs"]
    assert (sent["idProperty"], sent["id"], sent["properties"]["leadspiders_key"]) == (
        "email",
        "Lead1@example.com",
        "lead-1",
    )


@pytest.mark.parametrize(
    ("records", "id_property"),
    [
        ([], "leadspiders_key"),
        ([Record(key=str(number), properties={}) for number in range(101)], "leadspiders_key"),
        ([LEADS[0], LEADS[0]], "leadspiders_key"),
        ([LEADS[0], Record(key="other", properties={"email": "lead1@example.com"})], "email"),
        ([Record(key="1", properties={})], "email"),
    ],
)
def test_batches_hubspot_would_refuse_whole(records, id_property):
    with pytest.raises(ArgumentError):
        upsert_contacts_call(records, id_property=id_property)


@pytest.mark.parametrize("status", [200, 201])
def test_results_in_any_order(reply, payload, status):
    drift = Drift()
    found = read_upsert(reply(payload("hubspot/upsert_complete.json"), status), LEADS[:2], drift=drift)
    assert found.written == {"lead-1": Written(id="8801", new=True), "lead-2": Written(id="8802", new=False)}
    assert (found.failed, found.unsaid) == ({}, ())
    assert not drift.fields


def test_partial_success(reply, payload):
    found = read_upsert(reply(payload("hubspot/upsert_partial.json"), 207), LEADS)
    assert found.written == {"lead-1": Written(id="8801", new=True)}
    assert found.failed == {
        "lead-2": Failure(category="VALIDATION_ERROR", message="Email address *** is invalid"),
        "lead-3": Failure(category="CONFLICT", message="Contact already exists. Existing ID: 4711", existing_id="4711"),
    }
    assert found.unsaid == ("lead-4",)


@pytest.mark.parametrize(
    "error",
    [
        {"context": {"ids": ["lead-2"]}},
        {"context": {"objectWriteTraceId": "lead-2"}},
        {"objectWriteTraceId": "lead-2", "context": None},
        {"id": "lead-2"},
    ],
)
def test_an_error_may_name_its_record_anywhere(reply, error):
    found = read_upsert(reply({"results": [], "errors": [error | {"category": "X", "message": "no"}]}, 207), LEADS)
    assert found.failed == {"lead-2": Failure(category="X", message="no")}


def test_an_error_that_names_nobody_leaves_the_record_to_be_sent_again(reply):
    body = {"results": [], "numErrors": 1, "errors": [{"message": "no", "context": {"ids": ["99"]}}]}
    assert read_upsert(reply(body, 207), LEADS[:2]).unsaid == ("lead-1", "lead-2")


def test_results_by_email_whatever_the_case(reply):
    body = {"results": [{"id": "1", "properties": {"email": "lead1@example.com"}}],
            "errors": [{"category": "X", "context": {"ids": ["lead2@example.com"]}}]}  # fmt: skip
    found = read_upsert(reply(body, 207), LEADS[:2], id_property="email")
    assert (set(found.written), set(found.failed)) == ({"lead-1"}, {"lead-2"})


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"category": "VALIDATION_ERROR", "message": 'Property "x" does not exist'}, RequestRefused),
        (429, {"policyName": "DAILY"}, QuotaUsedUp),
        (200, {"status": "PENDING"}, Unreadable),
        (200, "", Unreadable),
    ],
)
def test_the_whole_batch_refused(reply, status, body, error):
    with pytest.raises(error):
        read_upsert(reply(body, status), LEADS)


def test_no_address_in_the_text_of_a_record():
    assert "example.com" not in repr(LEADS[0])


def test_a_record_that_was_written_is_not_failed_too(reply):
    body = {"results": [{"id": "1", "objectWriteTraceId": "lead-1"}],
            "errors": [{"category": "X", "context": {"ids": ["lead-1", "lead-2"]}}]}  # fmt: skip
    found = read_upsert(reply(body, 207), LEADS[:2])
    assert (set(found.written), set(found.failed)) == ({"lead-1"}, {"lead-2"})
