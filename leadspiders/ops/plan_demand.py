"""How many people are bought for, what is asked about them and what that costs: by a rehearsal, or by rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.ops.plan_data import Cost, Short
from leadspiders.ops.plan_quota import GROUPS
from leadspiders.ops.plan_rehearsal import Rehearsed
from leadspiders.providers.order import VERDICT, key
from leadspiders.providers.provider import Offer
from leadspiders.rules.learning import Yields
from leadspiders.rules.plan import Room, Spread, affordable
from leadspiders.rules.plan_rates import (
    COMPLETE,
    ENOUGH,
    MATCHED,
    QUALIFIED_EMPLOYERS,
    Chance,
    Purchase,
    chance,
    purchases,
)

MATCH, EMPLOYER = "apollo/match", "apollo/organization"
CAPS = {
    "campaign-cap": "budget.cap_usd",
    "run-cap": "budget.per_run_usd",
    "day-cap": "budget.per_day_usd",
    "lead-cap": "budget.per_lead_usd",
    "call-cap": "budget.per_call_usd",
    "provider-cap": "budget.per_provider_usd",
    "credit-cap": "budget.credits",
}
"""The gate's words for what refused a purchase, as the campaign file writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one offer: credits for a fact at most, and dollars for a credit."""

    credits_each: float
    usd_per_credit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`asked` people are bought for and make `ready` leads with those that were there, `new` of them now. `questions`
    and `calls` are by offer, `needed` the credits by provider that the goal would take."""

    asked: Spread
    ready: Spread
    new: float
    costs: Sequence[Cost]
    questions: Mapping[str, float]
    needed: Mapping[str, float]
    rates: str
    short: Short | None = None
    calls: Mapping[str, int] = field(default_factory=dict)


def prices_of(campaign: Campaign, settings: BaseSettings, offers: Mapping[str, Sequence[Offer]]) -> dict[str, Price]:
    """What each offer costs today; raises `SetupError` for one that nobody has priced."""
    listed, today = load_prices(settings["LEADS_PRICES"]), datetime.now(UTC).date()
    found = {}
    for sold in offers.values():
        for offer in sold:
            one = listed.price(offer.provider, offer.name, offer.credits_each, budget=campaign.budget, day=today)
            found[key(offer)] = Price(credits_each=float(one.credits_each), usd_per_credit=float(one.usd_per_credit))
    return found


def by_rehearsal(played: Rehearsed, prices: Mapping[str, Price], *, goal: int, ready: int) -> Demand:
    """As it was played through. Who is still wanted when the goal is near depends on who comes first: a small range."""
    left, scale = max(0, goal - ready), 1.0
    if not played.whole:
        scale = min(left / max(played.ready, 1), played.people / max(played.asked + played.spare, 1))
    reached = ready + played.ready * scale
    chosen = played.spare > 0 or not played.whole
    share = Chance(played.ready, max(played.asked, 1), learnt=True).spread
    swing = (share.high - share.low) / 2 / share.likely if chosen and played.asked else 0.0

    def around(number: float) -> Spread:
        return Spread(number * (1 - swing), number, number * (1 + swing))

    usd = {name.partition("/")[0]: price.usd_per_credit for name, price in prices.items()}
    credits_ = {name: number * scale for name, number in played.credits.items()}
    short = None
    if reached < goal:
        by = max(played.refused, key=lambda one: played.refused[one], default="")
        short = Short(kind="cap", what=_named(by)) if by else Short(kind="volume", what="the people there are")
    new = max(reached - ready, 0.0)
    return Demand(
        asked=around(played.asked * scale),
        ready=Spread(reached, reached, reached),
        new=new,
        costs=[
            Cost(provider=name, credits=around(number), usd_per_credit=usd[name])
            for name, number in sorted(credits_.items(), key=lambda pair: -pair[1] * usd[pair[0]])
        ],
        questions={name: number * scale for name, number in played.questions.items()},
        calls={name: _calls(played, name, group, scale) for name, group in GROUPS.items() if name != EMPLOYER},
        needed={name: number * (left / new if new else 1.0) for name, number in credits_.items()},
        rates="played through in the sandbox, where a rehearsal is free" if played.whole else "scaled from a rehearsal",
        short=short,
    )


def _calls(played: Rehearsed, name: str, group: str, scale: float) -> int:
    """Made for an offer that has a group to itself: some are asked again until they know."""
    return round(played.calls[name.partition("/")[0], group] * scale)


def _named(refusal: str) -> str:
    """`credit-cap apollo` as `budget.credits.apollo`."""
    reason, _, provider = refusal.partition(" ")
    return ".".join(filter(None, (CAPS.get(reason, reason), provider)))


def by_rates(
    campaign: Campaign,
    offers: Mapping[str, Sequence[Offer]],
    prices: Mapping[str, Price],
    yields: Yields,
    *,
    goal: int,
    ready: int,
    people: int,
    employers: int,
    rooms: Sequence[Room],
) -> Demand:
    """What the goal takes at the rates that are known, or what caps and people allow of it."""
    wanted = campaign.target.contacts_per_company
    each = (wanted.max if wanted else 1) if campaign.lead == "company" else 1
    left = max(0, goal - ready) * each
    bought = _bought(campaign, offers, prices, yields)
    matched, whole = chance(yields, MATCH, "full_name", MATCHED).spread, Chance.assumed(COMPLETE).spread
    becomes = Spread(matched.low * whole.low, matched.likely * whole.likely, matched.high * whole.high)
    asked = Spread(left / becomes.high, left / becomes.likely, left / becomes.low)
    each_lead = _credits(bought)
    usd = {name.partition("/")[0]: price.usd_per_credit for name, price in prices.items()}
    allowed, room = affordable(rooms, each_lead, usd)
    least = min(allowed, float(people))
    short = None
    if least < asked.likely:
        short = _short(room) if room and allowed <= people else Short(kind="volume", what="the people there are")
    if campaign.lead == "company" and short is None and employers * QUALIFIED_EMPLOYERS < goal - ready:
        short, least = Short(kind="volume", what="the employers there are"), employers * QUALIFIED_EMPLOYERS * each
    asked = Spread(min(asked.low, least), min(asked.likely, least), min(asked.high, least))
    leads = Spread(*(min(goal, ready + number * asked.likely / each) for number in
                     (becomes.low, becomes.likely, becomes.high)))  # fmt: skip
    if short is None:
        leads = Spread(leads.low if asked.high >= people else goal, goal, goal)
    learnt = all(one.learnt for one in bought)
    return Demand(
        asked=asked,
        ready=leads,
        new=max(leads.likely - ready, 0.0) * each,
        costs=[
            Cost(
                provider=name,
                credits=Spread(
                    asked.low * matched.low / matched.likely * number, asked.likely * number, asked.high * number
                ),
                usd_per_credit=usd[name],
            )
            for name, number in each_lead.items()
        ],
        questions={one.offer: asked.likely * one.asked for one in bought},
        needed={name: left / becomes.likely * number for name, number in each_lead.items()},
        rates=f"learnt from {ENOUGH} answers and more" if learnt else "assumed until this campaign has learnt its own",
        short=short,
    )


def _bought(
    campaign: Campaign, offers: Mapping[str, Sequence[Offer]], prices: Mapping[str, Price], yields: Yields
) -> list[Purchase]:
    known = {key(offer) for sold in offers.values() for offer in sold}
    each = {name: price.credits_each for name, price in prices.items()}
    if MATCH not in known:
        return []

    def of(names: Sequence[str], field: str) -> list[str]:
        asked = [offer for name in names for offer in offers.get(name, ()) if field in offer.fills]
        return [key(offer) for offer in asked if key(offer) not in {MATCH, EMPLOYER}]

    fields, verifiers = campaign.providers.fields, campaign.providers.verify
    bought = purchases(
        yields, match=MATCH, finders=of(fields.get("email", ()), "email"), verifiers=of(verifiers, VERDICT), each=each
    )
    if campaign.lead == "company" and EMPLOYER in known:
        wanted = campaign.target.contacts_per_company
        share = 1 / QUALIFIED_EMPLOYERS / (wanted.max if wanted else 1)
        bought.append(Purchase(offer=EMPLOYER, asked=share, credits=MATCHED * each[EMPLOYER], learnt=False))
    return bought


def _credits(bought: Sequence[Purchase]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in bought:
        found[one.provider] = found.get(one.provider, 0.0) + one.asked * one.credits
    return found


def _short(room: Room) -> Short:
    return Short(kind="cap" if room.name.startswith("budget.") else "credits", what=room.name)
