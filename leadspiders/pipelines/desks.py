"""The desks of one crawl, one an offer: what was bought is asked for by the hundred, what is bought by the batch."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.context import Context
from leadspiders.errors import SetupError
from leadspiders.guard.keyring import Keyring
from leadspiders.items.contact import Contact
from leadspiders.pipelines.batcher import Batcher
from leadspiders.providers.order import key
from leadspiders.providers.provider import Offer, Provider
from leadspiders.providers.purchase import Answer, Desk

log = logging.getLogger(__name__)

LANES = 4
"""Bulk calls for one offer at the same time, for each process."""
LINGER_SECONDS = 0.005
"""So long a batch waits for each lead that it takes: a job of 500 is worth waiting for, a call of 10 is not."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One offer's desk, behind two batchers."""

    buy: Batcher[Contact, Answer]
    recollect: Batcher[Contact, Answer | None]

    @classmethod
    def of(cls, desk: Desk, longest: float) -> "Counter":
        """Batches of the desk's size to buy, gathered for `longest` seconds at most; the memory is a query of ours."""
        linger = min(LINGER_SECONDS * desk.batch, longest)
        return cls(
            buy=Batcher(desk.buy, size=desk.batch, linger=linger, lanes=LANES),
            recollect=Batcher(desk.recollect, size=100, lanes=2),
        )


class Desks:
    """`offers` are those that can be asked, by provider, in the provider's order; `prices` what one of them costs at
    most, in dollars."""

    def __init__(self, offers: dict[str, Sequence[Offer]], prices: dict[str, float], counters: dict[str, Counter]):
        self.offers = offers
        self.prices = prices
        self._counters = counters

    @classmethod
    def of(cls, context: Context) -> "Desks":
        """Desks of the providers that the campaign names; one that cannot be asked is told once, and has none."""
        offers: dict[str, Sequence[Offer]] = {}
        prices: dict[str, float] = {}
        counters: dict[str, Counter] = {}
        longest = context.settings.getfloat("LEADS_GATHER_SECONDS")
        for provider in named_providers(context.campaign, context.settings):
            if reason := cannot_be_asked(context, provider):
                log.warning("%s is not asked: %s", provider.name, reason)
                continue
            asked = [(offer, no_key(context, api_of(offer))) for offer in provider.offers()]
            for offer, reason in asked:
                if reason:
                    log.warning("%s is not asked: %s", key(offer), reason)
            offers[provider.name] = [offer for offer, reason in asked if not reason]
            for offer in offers[provider.name]:
                desk = desk_of(context, offer)
                prices[key(offer)] = desk.usd_each
                counters[key(offer)] = Counter.of(desk, longest)
        return cls(offers, prices, counters)

    async def recollect(self, offer: Offer, contact: Contact) -> Answer | None:
        """What was bought before, by whomever; costs nothing."""
        return await self._counters[key(offer)].recollect.ask(contact)

    async def buy(self, offer: Offer, contact: Contact) -> Answer:
        """An answer for money, in the next batch of this offer."""
        return await self._counters[key(offer)].buy.ask(contact)


def named_providers(campaign: Campaign, settings: BaseSettings) -> list[Provider]:
    """The providers that the campaign names, once each; raises `SetupError` for one that nobody has written."""
    registry = settings.getdict("LEADS_PROVIDERS")
    order = campaign.providers
    named = [*(name for providers in order.fields.values() for name in providers), *order.verify]
    found = []
    for name in dict.fromkeys(named):
        if name not in registry:
            raise SetupError(f"no provider is called {name!r}: LEADS_PROVIDERS knows {', '.join(registry)}")
        found.append(load_object(registry[name])())
    return found


def cannot_be_asked(context: Context, provider: Provider) -> str | None:
    """Why a provider has no desk: it is retired, or its API wants a key that nobody gave."""
    base_url = context.settings.getdict("LEADS_URLS").get(provider.name, "")
    if reason := provider.retired(base_url):
        return reason
    return no_key(context, provider.name)


def no_key(context: Context, name: str) -> str | None:
    """What to set before an API can be asked; None when it has its key, or wants none."""
    api = APIS.get(name)
    if api and api.key_name and not Keyring.of_settings(context.settings).ring(api.name):
        return f"set {api.key_name} to use it"
    return None


def api_of(offer: Offer) -> str:
    """Name of the API behind an offer: each described one has its own."""
    return f"http_{offer.name}" if offer.provider == "http" else offer.provider


def desk_of(context: Context, offer: Offer) -> Desk:
    """The desk where this crawl buys one offer."""
    return Desk(
        offer, gate=context.gate, fact_hash=lambda fact: context.keyed_hash("fact", fact).hex(), hold=context.door.hold
    )
