"""Puts a plan together: volume, quotas, prices and caps, rates or a rehearsal, and this machine; it buys nothing."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aiohttp import ClientError, ClientSession, ClientTimeout
from scrapy.settings import BaseSettings

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import ApiError
from leadspiders.guard.keyed_hash import KeyedHash
from leadspiders.ops.funnel import MARKET_SOURCES
from leadspiders.ops.plan_ask import Ask, Rehearsing
from leadspiders.ops.plan_data import Plan, Short, Volume
from leadspiders.ops.plan_delivery import calls_before, deliveries, destinations
from leadspiders.ops.plan_demand import Demand, Price, by_rates, by_rehearsal, prices_of
from leadspiders.ops.plan_door import plan_door
from leadspiders.ops.plan_quota import Quotas, ask_apollo, quotas, rooms
from leadspiders.ops.plan_rehearsal import Rehearsal, Rehearsed
from leadspiders.ops.plan_steps import between_bursts, by_api, gather_seconds, lists, purchases, sources
from leadspiders.ops.plan_till import Till
from leadspiders.ops.plan_volume import volumes
from leadspiders.ops.plan_wording import bound, missed
from leadspiders.pipelines.desks import sold_to
from leadspiders.providers.order import key
from leadspiders.providers.provider import Offer
from leadspiders.rules.learning import Yields
from leadspiders.rules.pace import SECOND
from leadspiders.rules.plan import Machine, merged, timing
from leadspiders.spiders.apollo import Apollo
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.spend_totals import Total

START_SECONDS, END_SECONDS = 6.0, 10.0
"""Until the first record is there, and from the last purchase until all is delivered: 2 shared cores, November 2026."""
PEOPLE_A_SECOND = 60.0
"""Of one process that nothing else holds up, there."""
ASK_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database knows before the run; all of it is empty without one."""

    database: Database | None = None
    keyed_hash: KeyedHash | None = None
    ready: int = 0
    bought: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)
    counted: Sequence[Total] = ()
    yields: Yields = field(default_factory=dict)
    former: Sequence[Mapping[str, float]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a plan is asked. `urls` and `keys` are those of the run, by API; `rehearsal` the base URLs of the sandbox's
    rehearsal, None where there is none."""

    campaign: Campaign
    settings: BaseSettings
    spiders: Mapping[str, CampaignSpider]
    offers: Mapping[str, Sequence[Offer]]
    urls: Mapping[str, str]
    keys: Mapping[str, str]
    goal: int
    workers: int = 1
    sandbox: bool = False
    rehearsal: Mapping[str, str] | None = None
    offline: bool = False


async def make_plan(asked: Question, stored: Stored) -> Plan:
    """The plan of a run that would begin now."""
    campaign = asked.campaign
    sold = [sold_to(campaign, name, offers) for name, offers in asked.offers.items()]
    asked = replace(asked, offers={seller: offers for one in sold for seller, offers in one.items()})
    found = quotas(asked.settings, asked.spiders.values(), asked.keys, sandbox=asked.sandbox)
    async with AsyncExitStack() as open_ends:
        session = await open_ends.enter_async_context(ClientSession(timeout=ClientTimeout(total=ASK_SECONDS)))
        ask = None
        if not asked.offline and stored.database:
            keys = asked.keys if asked.sandbox else None
            door = plan_door(
                campaign, asked.settings, [*asked.spiders.values()], stored.database, urls=asked.urls, keys=keys
            )
            ask = Ask(session, await open_ends.enter_async_context(door), asked.keys)
        there = await volumes(campaign, asked.spiders, ask, stored.seen, asked.goal)
        if ask and ask.may("apollo"):
            await ask_apollo(found, ask)
        receivers = [(one, await calls_before(one, ask)) for one in destinations(campaign, asked.settings)]
        prices = prices_of(campaign, asked.settings, asked.offers)
        demand = await _demand(asked, stored, found, there, session=session, prices=prices)
    local, now = machine(stored.former), round(datetime.now(UTC).timestamp() * SECOND)
    first = [*sources(found, there), *purchases(asked.offers, found, demand)]
    passed = merged([one for one in first if one.api not in MARKET_SOURCES])  # what leads pass: cells come beside them
    rough = timing(passed, local, leads=demand.asked.likely, workers=asked.workers, now=now)
    flow, bursts = rough.seconds - local.start_seconds - local.end_seconds, between_bursts(rough)
    longest = asked.settings.getfloat("LEADS_GATHER_SECONDS")
    gathered, remarks = lists(asked.offers, found, demand, flow, _gathers(asked, prices, longest, bursts))
    gathered += deliveries(receivers, found, demand.new, flow, couriers=asked.workers, clump=max(longest, bursts))
    took = timing(merged([*first, *gathered]), local, leads=demand.asked.likely, workers=asked.workers, now=now)
    short = demand.short
    if short is None and took.seconds > campaign.goals.hours * 3600:
        short = Short(kind="hours", what=f"goals.hours ({campaign.goals.hours:g})")
    plan = Plan(
        campaign=campaign.name,
        sandbox=asked.sandbox,
        goal=asked.goal,
        ready=stored.ready,
        workers=asked.workers,
        leads=demand.ready,
        asked=demand.asked,
        volumes=there,
        costs=demand.costs,
        timing=took,
        calls=by_api([one.step for one in took.steps]),
        rates=demand.rates,
        pace=bound(took, asked.workers, local),
        short=short,
        notes=remarks,
    )
    return missed(plan, demand.needed, campaign)


def machine(former: Sequence[Mapping[str, float]]) -> Machine:
    """This installation, as its former runs measured it; else as one like it was."""
    paces = [run["per_worker"] for run in former if run.get("per_worker")]

    def mean(name: str, otherwise: float) -> float:
        return sum(run[name] for run in former) / len(former) if former else otherwise

    return Machine(
        per_worker=sum(paces) / len(paces) if paces else PEOPLE_A_SECOND,
        cores=os.cpu_count() or 1,
        start_seconds=mean("start_seconds", START_SECONDS),
        end_seconds=mean("end_seconds", END_SECONDS),
        measured=len(former),
    )


async def _demand(
    asked: Question,
    stored: Stored,
    found: Quotas,
    there: Sequence[Volume],
    *,
    session: ClientSession,
    prices: Mapping[str, Price],
) -> Demand:
    campaign = asked.campaign
    people = next((one.records for one in there if one.source == "apollo"), 0)
    with suppress(ApiError, ClientError, TimeoutError):  # an address that is no sandbox after all has no rehearsal
        if played := await _rehearsed(asked, stored, people, session):
            return by_rehearsal(played, prices, goal=asked.goal, ready=stored.ready)
    return by_rates(
        campaign, asked.offers, prices, stored.yields,
        goal=asked.goal, ready=stored.ready, people=max(0, people - stored.bought),
        employers=next((one.records for one in there if one.source == "samgov"), 0),
        rooms=rooms(campaign, stored.counted, found.credits),
    )  # fmt: skip


def _gathers(asked: Question, prices: Mapping[str, Price], longest: float, bursts: float) -> dict[str, float]:
    """Seconds by offer; leads that come in bursts gather from one to the next."""
    cap = asked.campaign.budget.per_call_usd
    offers = [offer for sold in asked.offers.values() for offer in sold]
    return {
        key(one): max(gather_seconds(one, prices[key(one)], per_call_usd=cap, longest=longest), bursts)
        for one in offers
    }


async def _rehearsed(asked: Question, stored: Stored, people: int, session: ClientSession) -> Rehearsed | None:
    campaign, apollo = asked.campaign, asked.spiders.get("apollo")
    if not asked.rehearsal or not stored.database or not stored.keyed_hash or campaign.lead != "contact":
        return None
    if not isinstance(apollo, Apollo) or people > apollo.reach:
        return None
    prices = load_prices(asked.settings["LEADS_PRICES"])
    rehearsal = Rehearsal(
        campaign,
        asked.settings,
        Rehearsing(session, asked.rehearsal, asked.keys),
        Till(stored.database, campaign=campaign, prices=prices, counted=stored.counted),
        goal=asked.goal,
        ready=stored.ready,
        keyed_hash=stored.keyed_hash,
    )
    return await rehearsal.play(apollo.target, campaign.sources.apollo.per_page)
