"""Fourth stage: buy what is missing from the campaign's providers, if the goal and the budget still allow it.

A lead that nothing may be bought for goes on as it is: it is stored as `identified`, and a later run enriches it.
"""

from collections.abc import Awaitable, Callable
from typing import NoReturn, Self

from scrapy.crawler import Crawler

from leadspiders.context import Context
from leadspiders.guard.optouts import opted_out
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.middlewares.frontier_engine import EngineView
from leadspiders.pipelines.admission import NAMED, NOT_WORTH_IT, Admission
from leadspiders.pipelines.batcher import Batcher
from leadspiders.pipelines.chain import Chain
from leadspiders.pipelines.desks import Desks
from leadspiders.pipelines.normalize import Record
from leadspiders.pipelines.outcomes import Refused, Suppressed
from leadspiders.pipelines.waterfall import DO_NOT_CONTACT, Waterfall
from leadspiders.pipelines.yields import Yields
from leadspiders.rules.best_possible import not_worth_it
from leadspiders.rules.profile import refusal
from leadspiders.rules.readiness import state_of
from leadspiders.rules.suppression import SHARED, traits
from leadspiders.rules.waterfall import is_person
from leadspiders.stores.postgres import spend, suppressions
from leadspiders.stores.postgres.prospects import qualified_employers, withdraw
from leadspiders.stores.postgres.recall import recall
from leadspiders.stores.postgres.status import ready_leads


class Enrich:
    """Leads go down the waterfall side by side; the stage keeps them apart, lets go of those that turn out to be none
    for the campaign, and tells the admission who left."""

    def __init__(self, context: Context, desks: Desks, stopping: Callable[[], bool]) -> None:
        campaign = context.campaign
        self._context = context
        self._admission = Admission(campaign, *wanted(context), stopping)
        self._desks = desks
        self._yields = Yields(campaign, desks.prices)
        self._waterfall = Waterfall(campaign, desks, self._yields, around=self, context=context)
        self._known: dict[int, bool] = {}
        self._listed: Batcher[Contact | Company, bool] = Batcher(self._opted_out, size=100)
        self._recall: Batcher[Contact | Company, bool] = Batcher(self._recalled, size=100, lanes=2)
        self._withdraw: Batcher[Contact | Company, None] = Batcher(self._withdrawn, size=100)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built once the spider exists."""
        Chain.required(crawler)
        context = Context.of(crawler)
        return cls(context, Desks.of(context), EngineView(crawler).stopping)

    async def open_spider(self) -> None:
        """Give up reservations of processes that are gone: their money counts as spent, not as being spent; and collect
        what they did not live to see."""
        await spend.expire(self._context.database, self._context.campaign.name)
        await self._desks.collect()
        await self._yields.load(self._context.database)

    async def close_spider(self) -> None:
        """Write what was learnt of the offers."""
        await self._yields.write(self._context.database, at_least=1)

    async def process_item(self, item: Record) -> Record:
        """The same record, with what could be bought."""
        if isinstance(item, Contact):
            lead = item
        elif isinstance(item, Company) and self._context.campaign.lead == "company":
            lead = Contact(company=item)
        else:
            return item
        self._known[id(item)] = item.known
        closed = await self._waterfall.fill(lead, id(item))
        if closed:
            self._context.count(f"enrich/{closed}")
        _mark(item, not_worth_it(item, self._context.campaign) if closed == NOT_WORTH_IT else None)
        await self._yields.write(self._context.database)
        if reason := refusal(item, self._context.campaign):
            if item.known:
                await self._withdraw.ask(item)
            raise Refused("enrich", reason)
        return item

    async def left(self, item: Record) -> None:
        """The record is stored or given up. One that turned out to be another's twin makes no further ready lead."""
        if not isinstance(item, Contact | Company):
            return
        stored_before = self._known.pop(id(item), False)
        twin = item.known and not stored_before
        kept = item.id is not None and isinstance(item, Contact) and item.lead_state in NAMED
        ready = kept and isinstance(item, Contact) and item.lead_state == "ready"
        await self._admission.left(id(item), kept=kept, became_ready=ready and not twin)

    # --- what the waterfall asks of the stage

    async def closed(self, lead: Contact, token: int) -> str | None:
        """Why nothing may be bought for the lead now."""
        return await self._admission.closed(lead, token)

    async def objected(self, lead: Contact, provider: str) -> NoReturn:
        """The person is put on the opt-out list, by all that is theirs alone, and goes no further."""
        own = [(kind, self._context.keyed_hash(kind, value)) for kind, value in traits(lead) if kind not in SHARED]
        await suppressions.add(self._context.database, own, reason=f"{DO_NOT_CONTACT}, said {provider}")
        raise Suppressed("enrich", DO_NOT_CONTACT)

    async def learned(self, lead: Contact) -> None:
        """The answer may have brought traits that an opt-out names, and keys of a lead that is stored."""
        item = lead if is_person(lead) else lead.company
        await self._heed_optouts(item)
        if not item.known and await self._recall.ask(item):
            if isinstance(item, Contact):
                item.lead_state = state_of(item)
            await self._heed_optouts(item)

    async def _heed_optouts(self, item: Contact | Company) -> None:
        if await self._listed.ask(item):
            raise Suppressed("enrich", "opted-out")

    async def _opted_out(self, items: list[Contact | Company]) -> list[bool]:
        return await opted_out(self._context.database, self._context.keyed_hash, items)

    async def _recalled(self, items: list[Contact | Company]) -> list[bool]:
        await recall(self._context.database, items, self._context.keyed_hash)
        return [item.known for item in items]

    async def _withdrawn(self, items: list[Contact | Company]) -> list[None]:
        ids = [item.id for item in items if item.id]
        await withdraw(self._context.database, self._context.campaign.name, ids)
        return [None] * len(items)


def wanted(context: Context) -> tuple[int | None, Callable[[], Awaitable[int]]]:
    """People after whom nothing more is bought, and how many there are.

    In a campaign for employers each qualified one stands for as many people as are wanted at one.
    """
    campaign, people = context.campaign, context.campaign.target.contacts_per_company
    if campaign.lead == "contact":
        return context.goal, lambda: ready_leads(context.database, campaign.name)
    each = people.max if people else 1

    async def reached() -> int:
        return each * await qualified_employers(context.database, campaign.name)

    return context.goal and context.goal * each, reached


def _mark(item: Contact | Company, reason: str | None) -> None:
    """Let a lead that was not worth it say so, as long as it is not."""
    item.extras.pop(NOT_WORTH_IT, None)
    if reason:
        item.extras[NOT_WORTH_IT] = reason
