"""Plays a campaign's purchases through in the sandbox's rehearsal, where nothing is charged: exactly what a run costs.

The waterfall, the desks, the admission and the caps are those of a crawl; only pages are asked one after the other, no
call waits for its turn, and nothing is stored. A real provider has no rehearsal: there, rates stand in for it.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from scrapy.settings import BaseSettings

from leadspiders.apis.apollo.people import Target, read_people, search_people_call
from leadspiders.apis.drift import Drift
from leadspiders.apis.http import Call, Conversation, Reply
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import ApiError
from leadspiders.guard.keyed_hash import KeyedHash
from leadspiders.guard.spend_gate import Sending
from leadspiders.items.contact import Contact
from leadspiders.ops.plan_ask import Rehearsing
from leadspiders.ops.plan_till import Till
from leadspiders.pipelines.admission import Admission
from leadspiders.pipelines.desks import Desks, named_providers, sold_to
from leadspiders.pipelines.outcomes import Suppressed
from leadspiders.pipelines.waterfall import DO_NOT_CONTACT, Waterfall
from leadspiders.pipelines.yields import Yields
from leadspiders.providers.purchase import Desk
from leadspiders.rules.clean import clean_contact
from leadspiders.rules.identity import contact_keys
from leadspiders.rules.readiness import state_of
from leadspiders.rules.take_in import take_in

T = TypeVar("T")
MOST_PEOPLE = 5_000
"""Larger runs are rehearsed with so many and scaled: these take some 10 s."""
GATHER_SECONDS = 0.02


@dataclass(slots=True, kw_only=True)
class Rehearsed:
    """What came of it: `asked` people were bought for, of whom `ready` became ready leads (twins counted once).

    `calls` by API and group, `questions` by offer, `credits` by provider, `refused` purchases by the cap that stood in
    the way; `whole` says whether everybody was played through, `spare` how many there were whom nobody bought.
    """

    people: int
    asked: int = 0
    ready: int = 0
    twins: int = 0
    spare: int = 0
    whole: bool = True
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    questions: Mapping[str, int] = field(default_factory=dict)
    credits: Mapping[str, float] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)


class Rehearsal:
    """One rehearsal, played once; `ask` carries what it buys, `ready` leads of the `goal` are there already."""

    def __init__(
        self,
        campaign: Campaign,
        settings: BaseSettings,
        ask: Rehearsing,
        till: Till,
        *,
        goal: int,
        ready: int,
        keyed_hash: KeyedHash,
    ) -> None:
        self._campaign = campaign
        self._ask = ask
        self._till = till
        self._before = ready
        self._known: dict[str, Contact] = {}
        self.done = Rehearsed(people=0)
        desks = self._desks(settings, keyed_hash)
        self._admission = Admission(campaign, goal, self._ready, lambda: False)
        self._waterfall = Waterfall(campaign, desks, Yields(campaign, desks.prices), around=self, context=self)
        self._bought: set[int] = set()

    async def play(self, target: Target, per_page: int) -> Rehearsed:
        """All people of the target, page by page as a crawl finds them."""
        first = read_people(await self._send(search_people_call(target, 1, per_page)))
        self.done.people = first.total
        last = -(-min(first.total, MOST_PEOPLE) // per_page)
        self.done.whole = first.total <= MOST_PEOPLE
        contacts = list(first.contacts)
        for page in range(2, last + 1):
            contacts += read_people(await self._send(search_people_call(target, page, per_page))).contacts
        await asyncio.gather(*(self._lead(contact) for contact in contacts))
        self.done.asked = len(self._bought)
        self.done.credits = {name: float(number) for name, number in self._till.credits.items()}
        self.done.questions = dict(self._till.facts)
        self.done.refused = dict(self._till.refused)
        return self.done

    # --- what the waterfall asks of the stage it belongs to

    async def closed(self, lead: Contact, token: int) -> str | None:
        """Why nothing may be bought for the lead now."""
        closed = await self._admission.closed(lead, token)
        if closed is None:
            self._bought.add(token)
        return closed

    def count(self, name: str, by: int = 1) -> None:
        """Nobody reads the stats of a rehearsal."""

    async def objected(self, lead: Contact, provider: str) -> None:
        """The person goes no further."""
        raise Suppressed("enrich", f"{DO_NOT_CONTACT}, said {provider}")

    async def learned(self, lead: Contact) -> None:
        """What an earlier record of the same person brought is known."""
        for name in _identities(lead):
            if twin := self._known.get(name):
                take_in(lead, twin)
                return

    async def _send(self, call: Call) -> Reply:
        self.done.calls[call.api, call.group] += 1
        return await self._ask.send(call)

    async def _hold(self, conversation: Conversation[T], _: Sending | None) -> T:
        """The asking of an offer, counted."""
        try:
            call = next(conversation)
            while True:
                call = conversation.send(await self._send(call))
        except StopIteration as end:
            result: T = end.value
            return result

    async def _lead(self, lead: Contact) -> None:
        clean_contact(lead)
        lead.lead_state = state_of(lead)
        ready = False
        with suppress(Suppressed, ApiError):
            await self._waterfall.fill(lead, id(lead))
            lead.lead_state = state_of(lead)
            ready = lead.lead_state == "ready" and id(lead) in self._bought
            if ready and any(name in self._known for name in _identities(lead)):
                ready = False
                self.done.twins += 1
            self._known |= dict.fromkeys(_identities(lead), lead)
        self.done.ready += ready
        self.done.spare += id(lead) not in self._bought
        await self._admission.left(id(lead), kept=lead.lead_state in {"enriched", "ready"}, became_ready=ready)

    async def _ready(self) -> int:
        return self._before + self.done.ready

    def _desks(self, settings: BaseSettings, keyed_hash: KeyedHash) -> Desks:
        offers = {
            seller: sold
            for provider in named_providers(self._campaign, settings)
            if not provider.retired(self._ask.url(provider.name))
            for seller, sold in sold_to(self._campaign, provider.name, provider.offers()).items()
        }
        desks = [
            Desk(
                offer,
                gate=self._till,
                fact_hash=lambda fact: keyed_hash("fact", fact).hex(),
                hold=self._hold,
                drift=Drift(),
            )
            for sold in offers.values()
            for offer in sold
        ]
        return Desks.behind(desks, dict(offers), GATHER_SECONDS)


def _identities(lead: Contact) -> Iterator[str]:
    keys = contact_keys(lead)
    yield from (f"{kind} {value}" for kind in ("linkedin", "email") if (value := getattr(keys, kind)))
