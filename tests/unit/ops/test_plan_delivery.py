"""How often a courier sets out, and what it asks for first."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.apis.hubspot.properties import wanted
from leadspiders.campaigns.delivery import Receiver
from leadspiders.destinations.hubspot import HubSpot
from leadspiders.errors import Unavailable
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.ops.plan_delivery import (
    CALLS_A_TRIP,
    CALLS_BEFORE,
    STRAGGLE_SECONDS,
    TRIP_SECONDS,
    calls_before,
    trips,
)
from leadspiders.pipelines.pace import Pace
from leadspiders.stores.postgres.outbox import Delivery, Settlement

HUBSPOT = HubSpot(Receiver(enabled=True))
ALL = [{"name": one.name, "hasUniqueValue": one.unique} for one in wanted(custom_fields=True)]


def reply(body: Any, status: int = 200) -> Reply:
    return Reply(status=status, url="", body=msgspec.json.encode(body), received_at=datetime.now(UTC))


class Portal:
    """HubSpot with some properties, and nothing may be made."""

    def __init__(self, there: list[dict[str, Any]], error: Exception | None = None) -> None:
        self.there, self.error = there, error
        self.asked: list[str] = []

    def may(self, api: str) -> bool:
        return True

    async def send(self, call: Call) -> Reply:
        self.asked.append(call.method)
        if self.error:
            raise self.error
        return reply({"results": self.there})


@pytest.mark.parametrize(
    ("leads", "seconds", "couriers", "number"),
    [
        (0, 60, 1, 0),
        (250, 0, 1, 3),  # all wait: full batches
        (250, 60, 1, 46),  # a trip every 1.3 seconds
        (250, 60, 2, 92),
        (5, 60, 1, 5),  # no trip without a lead
        (20_000, 60, 1, 200),
    ],
)
def test_a_courier_sets_out_with_what_has_gathered(leads: int, seconds: float, couriers: int, number: int) -> None:
    assert Pace().gather + TRIP_SECONDS == 1.3
    assert trips(leads, seconds, batch=100, couriers=couriers) == number


@pytest.mark.parametrize(
    ("goal", "bought_within", "calls"), [(300, 5.3, 32), (1_000, 17.6, 65.5), (2_000, 35.0, 122.5)]
)
def test_leads_that_come_in_clumps_and_stragglers_make_the_trips_that_sprints_made(
    goal: int, bought_within: float, calls: float
) -> None:
    """Calls of sprints in the sandbox, 7, 6 and 2 of them: their mean."""
    number = trips(goal, bought_within, batch=100, couriers=1, clump=2.0, straggle=STRAGGLE_SECONDS)
    assert CALLS_A_TRIP * number + CALLS_BEFORE == pytest.approx(calls, rel=0.1)


@pytest.mark.parametrize(("there", "calls"), [(ALL, 2), ([], CALLS_BEFORE)])
def test_what_is_not_there_is_counted_and_not_made(there: list[dict[str, Any]], calls: int) -> None:
    portal = Portal(there)
    assert asyncio.run(calls_before(HUBSPOT, portal)) == calls  # type: ignore[arg-type]
    assert set(portal.asked) == {"GET"}


def test_nobody_to_ask() -> None:
    assert asyncio.run(calls_before(HUBSPOT, None)) == CALLS_BEFORE
    ill = Portal([], Unavailable("503"))
    assert asyncio.run(calls_before(HUBSPOT, ill)) == CALLS_BEFORE  # type: ignore[arg-type]


def test_a_trip_takes_as_many_calls_as_the_destination_makes() -> None:
    company = Company(id=UUID(int=2), name="Ohio Gear", domain="gear.example.com")
    person = Contact(id=UUID(int=1), full_name="Dana Field", email="dana@gear.example.com", company=company)
    lead = Delivery(id=1, campaign="c", destination="hubspot", lead=person, external_id=None, attempts=1, version=1)
    made: list[str] = []
    settled = run(HUBSPOT.deliver([lead]), made)
    assert [one.outcome for one in settled] == ["sent"]
    assert len(made) == CALLS_A_TRIP


def run(conversation: Conversation[list[Settlement]], made: list[str]) -> list[Settlement]:
    """Carry it to a portal that takes everything, and note the calls."""
    try:
        call = next(conversation)
        while True:
            made.append(call.path)
            inputs = call.json["inputs"]
            results = [{"id": "7", **one} for one in inputs] if "objectWriteTraceId" in inputs[0] else inputs
            call = conversation.send(reply({"results": [one | {"id": "7"} for one in results]}))
    except StopIteration as end:
        found: list[Settlement] = end.value
        return found
