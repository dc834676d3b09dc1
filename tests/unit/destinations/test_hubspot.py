"""What becomes of each lead at HubSpot, from what it answers call by call."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from leadspiders.apis.http import Call, Reply, converse
from leadspiders.campaigns.delivery import Receiver
from leadspiders.destinations.hubspot import HubSpot
from leadspiders.errors import RequestRefused
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.stores.postgres.outbox import Delivery, Settlement

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FIRM = str(UUID(int=1000))


def reply(body: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status=status, url="https://api.hubapi.com", body=json.dumps(body).encode(), received_at=NOW)


def delivery(n: int, email: str | None = None) -> Delivery:
    company = Company(id=UUID(FIRM), name="Firm", domain="firm.example.com")
    person = Contact(
        id=UUID(int=n), full_name=f"Ann Lee{n}", email=email or f"ann{n}@firm.example.com", company=company
    )
    return Delivery(
        id=n, campaign="spring", destination="hubspot", lead=person, external_id=None, attempts=1, version=1
    )


def key(n: int) -> str:
    return str(UUID(int=n))


def wrote(**ids: str) -> dict[str, Any]:
    return {"results": [{"id": id_, "objectWriteTraceId": key(int(n[1:]))} for n, id_ in ids.items()]}


def refused(n: int, message: str, category: str = "CONFLICT") -> dict[str, Any]:
    error = {"category": category, "message": message, "context": {"objectWriteTraceId": [key(n)]}}
    return {"results": [], "errors": [error]}


COMPANY = reply({"results": [{"id": "9", "objectWriteTraceId": FIRM}]})
CLASH = "Contact already exists. Existing ID: 4711"


def joined(*contacts: str) -> Reply:
    return reply({"results": [{"from": {"id": one}, "to": {"id": "9"}} for one in contacts]})


def deliver(leads: list[Delivery], *replies: Reply) -> tuple[dict[int, Settlement], list[Call]]:
    settled, calls = converse(HubSpot(Receiver(enabled=True)).deliver(leads), replies)
    return {one.delivery.id: one for one in settled}, calls


def test_three_calls_a_batch() -> None:
    settled, calls = deliver([delivery(1), delivery(2)], COMPANY, reply(wrote(n1="7", n2="8")), joined("7", "8"))
    assert [call.purpose for call in calls] == ["write companies", "write contacts", "associate"]
    assert {n: (one.outcome, one.external_id) for n, one in settled.items()} == {1: ("sent", "7"), 2: ("sent", "8")}


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ({"results": [], "errors": [{"message": "numberofemployees was not a number", "id": FIRM}]}, "not a number"),
        ({"results": []}, "did not say"),
    ],
)
def test_a_lead_whose_company_was_not_written_is_not_delivered(company: dict[str, Any], said: str) -> None:
    settled, calls = deliver([delivery(1)], reply(company, 207), reply(wrote(n1="7")))
    assert len(calls) == 2
    assert (settled[1].outcome, settled[1].external_id) == ("failed", "7")
    assert settled[1].error
    assert settled[1].error.startswith("the company:")
    assert said in settled[1].error


def test_a_contact_that_the_portal_has_already_is_taken_over_by_its_email() -> None:
    both = wrote(n1="7") | {"errors": refused(2, CLASH)["errors"]}
    settled, calls = deliver(
        [delivery(1), delivery(2)], COMPANY, reply(both, 207), reply(wrote(n2="4711")), joined("7", "4711")
    )
    (sent,) = calls[2].json["inputs"]
    assert (sent["idProperty"], sent["id"]) == ("email", "ann2@firm.example.com")
    assert sent["properties"]["leadspiders_key"] == key(2)
    assert {n: (one.outcome, one.external_id) for n, one in settled.items()} == {1: ("sent", "7"), 2: ("sent", "4711")}


def test_a_batch_of_one_may_be_refused_as_a_whole() -> None:
    settled, _ = deliver(
        [delivery(1)],
        COMPANY,
        reply({"category": "CONFLICT", "message": CLASH}, 409),
        reply(wrote(n1="4711")),
        joined("4711"),
    )
    assert (settled[1].outcome, settled[1].external_id) == ("sent", "4711")
    with pytest.raises(RequestRefused):
        deliver([delivery(1), delivery(2)], COMPANY, reply({"category": "CONFLICT", "message": CLASH}, 409))


def test_an_address_that_people_share_is_left_to_the_record_that_has_it() -> None:
    settled, calls = deliver(
        [delivery(1, email="info@firm.example.com")],
        COMPANY,
        reply(refused(1, CLASH), 207),
        reply(wrote(n1="7")),
        joined("7"),
    )
    (sent,) = calls[2].json["inputs"]
    assert sent["idProperty"] == "leadspiders_key"
    assert "email" not in sent["properties"]
    assert (settled[1].outcome, settled[1].external_id) == ("sent", "7")
    assert settled[1].error
    assert "4711" in settled[1].error


def test_a_person_whom_the_portal_has_twice_is_written_and_remarked() -> None:
    """Our record has the key, another one has the address: only a human may merge them."""
    settled, calls = deliver(
        [delivery(1)],
        COMPANY,
        reply(refused(1, CLASH), 207),
        reply(refused(1, "Contact already exists. Existing ID: 7"), 207),
        reply(wrote(n1="7")),
        joined("7"),
    )
    assert [call.json["inputs"][0]["idProperty"] for call in calls[1:4]] == [
        "leadspiders_key",
        "email",
        "leadspiders_key",
    ]
    assert settled[1].outcome == "sent"
    assert settled[1].error
    assert "merge" in settled[1].error


def test_what_is_not_said_is_sent_again() -> None:
    settled, _ = deliver([delivery(1)], COMPANY, reply({"results": []}))
    assert (settled[1].outcome, settled[1].external_id) == ("failed", None)


def test_who_was_not_joined_to_the_company_is_sent_again() -> None:
    settled, _ = deliver([delivery(1)], COMPANY, reply(wrote(n1="7")), reply({"results": []}, 207))
    assert (settled[1].outcome, settled[1].external_id) == ("failed", "7")
