"""The calls that hand leads on: a courier sets out with what has gathered, full batch or not, and looks first whether
all is there that it needs."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from math import ceil
from typing import Any

from aiohttp import ClientError
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from leadspiders.apis.http import Reply
from leadspiders.campaigns.delivery import Receiver
from leadspiders.campaigns.model import Campaign
from leadspiders.destinations.destination import Destination
from leadspiders.errors import ApiError
from leadspiders.ops.plan_ask import Ask
from leadspiders.ops.plan_quota import Quotas
from leadspiders.pipelines.pace import Pace
from leadspiders.rules.plan import Step

CALLS_A_TRIP = 3
"""HubSpot: companies, contacts, and who works where. Leads that the portal has already under another key take more."""
CALLS_BEFORE = 4
"""Two kinds of records, whose properties are listed and made: where HubSpot cannot be asked what is there."""
TRIP_SECONDS = 0.3
"""From the leads' leaving the outbox until they are noted as sent: 2 shared cores, November 2026."""
STRAGGLE_SECONDS = 4.5
"""From the last match until the last lead is ready, with its verdict and a second opinion: there too."""


def destinations(campaign: Campaign, settings: BaseSettings) -> list[Destination]:
    """Where a pace is known, of those that are switched on and exist."""
    receivers: Mapping[Any, Receiver] = campaign.delivery.destinations
    known = settings.getdict("LEADS_DESTINATIONS")
    named = [name for name in ("hubspot",) if name in receivers and receivers[name].enabled and name in known]
    return [load_object(known[name])(receivers[name]) for name in named]


async def calls_before(destination: Destination, ask: Ask | None) -> int:
    """How many calls a courier makes before the first lead: the service says what is there, and what is not there is
    counted and not made."""
    if ask is None or not ask.may(destination.api):
        return CALLS_BEFORE
    conversation, calls = destination.prepare(), 0
    with suppress(StopIteration):
        call = next(conversation)
        while True:
            calls += 1
            try:
                told = await ask.send(call) if call.method == "GET" else _made()
            except (ApiError, ClientError, TimeoutError, OSError):
                return CALLS_BEFORE
            try:
                call = conversation.send(told)
            except ApiError:
                return CALLS_BEFORE
    return calls


def trips(leads: float, seconds: float, *, batch: int, couriers: int, clump: float = 0.0, straggle: float = 0.0) -> int:
    """How often couriers set out with `leads` that come within `seconds`, a clump of them each `clump` seconds, and
    the last `straggle` seconds later. A courier gathers for a while, and goes until less than a batch is left, so that
    the last of its trips is not full."""
    if leads <= 0:
        return 0
    each = Pace().gather + TRIP_SECONDS
    clumps = couriers * max(1.0, seconds / max(clump, each))
    full = clumps * max(0.0, leads / clumps / batch - 0.5)
    rounds = couriers * max(1.0, (seconds + straggle - full / couriers * TRIP_SECONDS) / each)
    return max(ceil(leads / batch), min(ceil(leads), round(rounds + full)))


def deliveries(
    receivers: Sequence[tuple[Destination, int]],
    found: Quotas,
    leads: float,
    seconds: float,
    *,
    couriers: int,
    clump: float,
) -> list[Step]:
    """The steps of handing on `leads` that were bought within `seconds`, to each of the receivers with its calls before
    the first lead."""
    steps = []
    for receiver, before in receivers:
        number = trips(leads, seconds, batch=receiver.batch, couriers=couriers, clump=clump, straggle=STRAGGLE_SECONDS)
        if number:
            calls = CALLS_A_TRIP * number + before * couriers
            steps.append(found.step("deliver", receiver.api, "default", calls))
    return steps


def _made() -> Reply:
    """As if it had been done."""
    return Reply(status=201, url="", body=b"{}", received_at=datetime.now(UTC))
