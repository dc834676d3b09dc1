"""Fourth stage: buy what is missing from the campaign's providers, if the goal and the budget still allow it.

A lead that nothing may be bought for goes on as it is: it is stored as `identified`, and a later run enriches it.
"""

from collections.abc import Sequence
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object

from leadspiders.context import Context
from leadspiders.errors import SetupError
from leadspiders.guard.optouts import opted_out
from leadspiders.items.contact import Contact
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.goal import Goal
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Refused, Suppressed
from leadspiders.providers.order import who_fills
from leadspiders.providers.purchase import Answer, Desk
from leadspiders.rules.clean import clean_contact
from leadspiders.rules.identity import merge_contact
from leadspiders.rules.profile import refusal
from leadspiders.rules.readiness import state_of
from leadspiders.stores.postgres import spend
from leadspiders.stores.postgres.recall import recall
from leadspiders.stores.postgres.status import ready_leads

LANES = 4
"""Bulk calls to one provider at the same time, for each process."""
LINGER_SECONDS = 0.05


class Enrich:
    """Asks the providers in the campaign's order, each in batches of its own size gathered from side-by-side leads."""

    def __init__(self, context: Context, engine: EngineView, goal: int | None) -> None:
        self._context = context
        self._engine = engine
        self._goal = Goal(goal, lambda: ready_leads(context.database, context.campaign.name))
        self._desks = {name: desk(context, name) for name in named_providers(context)}
        self._counters = {
            name: Batcher(desk.buy, size=desk.provider.batch, linger=LINGER_SECONDS, lanes=LANES)
            for name, desk in self._desks.items()
        }
        self._memories = {name: Batcher(desk.recollect, size=100, lanes=2) for name, desk in self._desks.items()}
        self._known: dict[int, bool] = {}
        self._listed: Batcher[Contact, bool] = Batcher(self._opted_out, size=100)
        self._recall: Batcher[Contact, None] = Batcher(self._recalled, size=100, lanes=2)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects to the signals that end a record's way, which the goal counts."""
        context = Context.of(crawler)
        stage = cls(context, EngineView(crawler), people_to_buy(context))
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(stage.left, signal)
        return stage

    async def open_spider(self) -> None:
        """Give up reservations of processes that are gone: their money counts as spent, not as being spent."""
        await spend.expire(self._context.database, self._context.campaign.name)

    async def process_item(self, item: Record) -> Record:
        """The same record, with what could be bought."""
        if not isinstance(item, Contact):
            return item
        before, self._known[id(item)] = item.lead_state, item.known
        for name in who_fills(item, self._context.campaign.providers.fields):
            desk = self._desks[name]
            if not desk.provider.wants(item):
                continue
            answer = await self._memories[name].ask(item)
            if answer is None:
                if self._engine.stopping():
                    self._context.count("enrich/stopping")
                    break
                if not await self._goal.may_buy(id(item)):
                    self._context.count("enrich/goal_reached")
                    break
                answer = await self._counters[name].ask(item)
            self._use(item, name, answer)
        if item.lead_state != before:
            await self._unmasked(item)
        if reason := refusal(item, self._context.campaign):
            raise Refused("enrich", reason)
        return item

    async def _unmasked(self, item: Contact) -> None:
        """The match brought traits that an opt-out may name, and keys that may be known: with more traits again."""
        if await self._listed.ask(item):
            raise Suppressed("enrich", "opted-out")
        if item.known:
            return
        await self._recall.ask(item)
        item.lead_state = state_of(item)
        if await self._listed.ask(item):
            raise Suppressed("enrich", "opted-out")

    async def left(self, item: Record) -> None:
        """The record is stored or given up. One that turned out to be another's twin makes no further ready lead."""
        if isinstance(item, Contact):
            known_before = self._known.pop(id(item), False)
            twin = item.known and not known_before
            stored = item.id is not None and item.lead_state == "ready"
            await self._goal.done(id(item), became_ready=stored and not twin)

    def _use(self, item: Contact, name: str, answer: Answer) -> None:
        if answer.contact:
            clean_contact(answer.contact)
            merge_contact(item, answer.contact)
            clean_contact(item)
            item.lead_state = state_of(item)
            self._context.count(f"enrich/{name}/found")
        elif answer.refused:
            self._context.count(f"enrich/{name}/refused/{answer.refused}")
        else:
            self._context.count(f"enrich/{name}/unknown")

    async def _opted_out(self, items: list[Contact]) -> list[bool]:
        return await opted_out(self._context.database, self._context.keyed_hash, items)

    async def _recalled(self, items: list[Contact]) -> list[None]:
        await recall(self._context.database, items, self._context.keyed_hash)
        return [None] * len(items)


def people_to_buy(context: Context) -> int | None:
    """Ready people after which nothing more is bought: the goal, or for a campaign of companies their people."""
    wanted = context.campaign.target.contacts_per_company
    if context.goal and context.campaign.lead == "company" and wanted:
        return context.goal * wanted.max
    return context.goal


def named_providers(context: Context) -> Sequence[str]:
    """The providers that the campaign names, once each; raises `SetupError` for one that nobody has written."""
    registry = context.settings.getdict("LEADS_PROVIDERS")
    order = context.campaign.providers.fields
    names = list(dict.fromkeys(name for providers in order.values() for name in providers))
    for name in names:
        if name not in registry:
            raise SetupError(f"no provider is called {name!r}: LEADS_PROVIDERS knows {', '.join(registry)}")
    return names


def desk(context: Context, name: str) -> Desk:
    """The desk where this crawl buys from one provider."""
    budget = context.campaign.budget
    if name not in budget.usd_per_credit:
        raise SetupError(f"{context.campaign.source_file}: what does {name} cost? Set budget.usd_per_credit.{name}")
    return Desk(
        load_object(context.settings.getdict("LEADS_PROVIDERS")[name])(),
        database=context.database,
        campaign=context.campaign.name,
        run_id=context.run_id,
        caps=spend.Caps(
            campaign_usd=budget.cap_usd,
            run_usd=budget.per_run_usd,
            day_usd=budget.per_day_usd,
            lead_usd=budget.per_lead_usd,
            call_usd=budget.per_call_usd,
            credits=budget.credits.get(name),
        ),
        usd_per_credit=budget.usd_per_credit[name],
        fact_hash=lambda fact: context.keyed_hash("fact", fact).hex(),
        hold=context.door.hold,
        again=context.campaign.providers.ambiguous == "always",
    )
