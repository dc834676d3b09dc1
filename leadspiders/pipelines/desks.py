"""The desks of one crawl, one an offer: what was bought is asked for by the hundred, what is bought by the batch."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.names import Apart
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


async def nothing_handed_in() -> None:
    """What there is to collect at an offer whose answers come at once."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One offer's desk, behind two batchers."""

    buy: Batcher[Contact, Answer]
    recollect: Batcher[Contact, Answer | None]
    collect: Callable[[], Awaitable[None]] = nothing_handed_in

    @classmethod
    def of(cls, desk: Desk, longest: float) -> "Counter":
        """Batches of the desk's size to buy, gathered for `longest` seconds at most; the memory is a query of ours."""
        linger = min(LINGER_SECONDS * desk.batch, longest)
        return cls(
            buy=Batcher(desk.buy, size=desk.batch, linger=linger, lanes=LANES),
            recollect=Batcher(desk.recollect, size=100, lanes=2),
            collect=desk.collect,
        )


class Desks:
    """`offers` are those that can be asked, by the name under which campaigns ask for them, in the provider's order;
    `prices` what one of them costs at most, in dollars."""

    def __init__(self, offers: dict[str, Sequence[Offer]], prices: dict[str, float], counters: dict[str, Counter]):
        self.offers = offers
        self.prices = prices
        self._counters = counters

    @classmethod
    def of(cls, context: Context) -> "Desks":
        """Desks of the providers that the campaign names; one that cannot be asked is told once, and has none."""
        offers: dict[str, Sequence[Offer]] = {}
        desks: list[Desk] = []
        for provider in named_providers(context.campaign, context.settings):
            if reason := cannot_be_asked(context, provider):
                log.warning("%s is not asked: %s", provider.name, reason)
                continue
            for name, sold in sold_to(context.campaign, provider.name, provider.offers()).items():
                asked = [(offer, no_key(context, api_of(offer))) for offer in sold]
                for offer, reason in asked:
                    if reason:
                        log.warning("%s is not asked: %s", key(offer), reason)
                offers[name] = [offer for offer, reason in asked if not reason]
                desks += [desk_of(context, offer) for offer in offers[name]]
        return cls.behind(desks, offers, context.settings.getfloat("LEADS_GATHER_SECONDS"))

    @classmethod
    def behind(cls, desks: Sequence[Desk], offers: dict[str, Sequence[Offer]], longest: float) -> "Desks":
        """These desks, for which leads gather for `longest` seconds at most."""
        prices = {key(desk.offer): desk.usd_each for desk in desks}
        return cls(offers, prices, {key(desk.offer): Counter.of(desk, longest) for desk in desks})

    async def collect(self) -> None:
        """Collect what jobs of workers that are gone have brought: paid for, and kept by nobody."""
        for counter in self._counters.values():
            await counter.collect()

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
    for name in dict.fromkeys(seller.partition("/")[0] for seller in named):
        if name not in registry:
            raise SetupError(f"no provider is called {name!r}: LEADS_PROVIDERS knows {', '.join(registry)}")
        found.append(load_object(registry[name])())
    return found


def sold_to(campaign: Campaign, provider: str, offers: Sequence[Offer]) -> dict[str, list[Offer]]:
    """Those of a provider's offers that the campaign asks for, by the name under which it does: the provider's, but for
    what has to be named by itself."""
    named = {seller for sellers in campaign.providers.fields.values() for seller in sellers}
    named |= set(campaign.providers.verify)
    sold: dict[str, list[Offer]] = {}
    for offer in offers:
        seller = key(offer) if key(offer) in get_args(Apart) else provider
        if seller in named:
            sold.setdefault(seller, []).append(offer)
    return sold


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
        offer,
        gate=context.gate,
        fact_hash=lambda fact: context.keyed_hash("fact", fact).hex(),
        hold=context.door.hold,
        drift=context.drift,
    )
