import json
from pathlib import Path

import pytest

from leadspiders.apis.described.answer import check, read_answer, read_fields
from leadspiders.apis.described.description import read_description
from leadspiders.apis.drift import Drift
from leadspiders.errors import CredentialRefused, QuotaUsedUp, RateLimited, RequestRefused, Unavailable, Unreadable

FILES = Path(__file__).parents[4] / "fixtures" / "providers"
PEOPLE, VERDICTS = read_description(FILES / "people.toml"), read_description(FILES / "verdicts.toml")
DANA = {
    "query": {},
    "person": {
        "id": "7",
        "contact": {"emails": [{"address": "dana@example.com", "state": "deliverable"}], "mobile": "+13125550111"},
        "position": "CFO",
        "employer": {"name": "Ohio Gear", "staff": "140"},
    },
    "took_ms": 3,
}


def read(body, drift=None):
    return read_fields(PEOPLE, json.dumps(body).encode(), drift)


def test_the_fields_that_are_pointed_at_and_the_rest():
    contact = read(DANA)
    assert (contact.email, contact.email_status, contact.phone, contact.title) == (
        "dana@example.com",
        "valid",
        "+13125550111",
        "CFO",
    )
    assert contact.company.employees == 140
    assert contact.extras == {"person": {"id": "7", "employer": {"name": "Ohio Gear"}}, "took_ms": 3}


@pytest.mark.parametrize(
    ("word", "status"), [("accepts all", "risky"), ("undeliverable", "invalid"), ("new", "unknown")]
)
def test_verdicts(word, status):
    body = {"contact": {"emails": [{"address": "dana@example.com", "state": word}]}}
    assert read_fields(VERDICTS, json.dumps(body).encode()).email_status == status


def test_an_address_without_a_verdict_is_unknown_and_none_has_none():
    bare = {"person": {"contact": {"emails": [{"address": "dana@example.com"}]}}}
    assert read(bare).email_status == "unknown"
    assert read({"person": {"contact": {"emails": [{"state": "deliverable"}]}}}).email_status is None


@pytest.mark.parametrize(
    "ugly",
    [
        {},
        [],
        7,
        None,
        {"person": []},
        {"person": {"contact": {"emails": {}}}},
        {"person": {"contact": {"emails": []}}},
        {"person": {"contact": {"emails": [[]]}, "position": ""}},
    ],
)
def test_nothing_is_invented(ugly, reply):
    contact = read(ugly)
    assert (contact.email, contact.title, contact.phone, contact.company.employees) == (None,) * 4
    assert read_answer(PEOPLE, reply(ugly)) is None


def test_a_wrong_type_is_drift_and_costs_one_field():
    drift = Drift()
    body = {"person": {"position": 7, "contact": {"mobile": ["x"]}, "employer": {"staff": "many"}}}
    contact = read(body, drift)
    assert (contact.title, contact.phone, contact.company.employees) == (None, None, None)
    assert {field for _, field, _ in drift.fields} == {"title", "phone", "employees"}


def test_no_json():
    with pytest.raises(Unreadable):
        read_fields(PEOPLE, b"<html>")


def test_what_not_found_looks_like(reply):
    assert read_answer(PEOPLE, reply({"query": {}, "person": None})) is None
    assert read_answer(PEOPLE, reply({"message": "nobody"}, 404)) is None
    assert read_answer(PEOPLE, reply(DANA)) == json.dumps(DANA).encode()
    with pytest.raises(Unreadable):
        read_answer(PEOPLE, reply("<html>"))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (401, CredentialRefused),
        (402, QuotaUsedUp),
        (403, CredentialRefused),
        (429, RateLimited),
        (500, Unavailable),
    ],
)
def test_refusals(reply, status, error):
    with pytest.raises(error):
        check(reply({"message": "no"}, status))
