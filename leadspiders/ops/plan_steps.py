"""The kinds of calls that a run makes, how many of each, and under which limits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil

from leadspiders.ops.plan_data import Volume
from leadspiders.ops.plan_demand import Demand, Price
from leadspiders.ops.plan_quota import GROUPS, Quotas
from leadspiders.pipelines.desks import LINGER_SECONDS
from leadspiders.providers.neverbounce import JOB_FROM
from leadspiders.providers.order import key
from leadspiders.providers.provider import Offer
from leadspiders.rules.pace import SECOND
from leadspiders.rules.plan import Step, Timing
from leadspiders.stores.postgres.spend_limits import fitting

ONE_BY_ONE = frozenset({"hunter/domain"})
"""Whose batch is a conversation of as many calls."""
LIST = 100
"""An offer that takes so many gathers them."""
FEWEST = {"neverbounce/verify": JOB_FROM}
"""A list has at least so many."""
LOOKS = {"neverbounce/verify": 4, "dropcontact/enrichment": 2}
MOST_COMMON_LOOKS = 3  # of an offer that nobody has measured
"""So often a list is looked for until it is there, where that takes a second."""
LONG_WINDOW = 60.0
DAY = 86_400 * SECOND


def sources(found: Quotas, there: Sequence[Volume]) -> list[Step]:
    """Reading what there is."""
    groups = {"apollo": ("search people", "apollo", "search"), "samgov": ("read pages", "sam_gov", "default")}
    groups["bls"] = ("read slices", "bls", "default")
    steps = []
    for one in there:
        what, api, group = groups[one.source]
        steps.append(found.step(what, api, group, one.calls))
    return steps


def purchases(offers: Mapping[str, Sequence[Offer]], found: Quotas, demand: Demand) -> list[Step]:
    """Buying a few at a time."""
    steps = []
    for sold in offers.values():
        for offer in sold:
            name = key(offer)
            if offer.batch >= LIST:
                continue
            each = 1 if name in ONE_BY_ONE else offer.batch
            calls = max(ceil(demand.questions.get(name, 0) / each), demand.calls.get(name, 0))
            if calls:
                what = f"{offer.name.replace('_', ' ')}, {each} a call"
                steps.append(found.step(what, offer.provider, GROUPS.get(name, "default"), calls))
    return steps


def lists(
    offers: Mapping[str, Sequence[Offer]], found: Quotas, demand: Demand, seconds: float, gathers: Mapping[str, float]
) -> tuple[list[Step], list[str]]:
    """Offers that take hundreds at once: a list sets out when its first lead has waited for as many seconds as
    `gathers` says of the offer, full or not, and is looked for until it is done. No lead waits for the next day: lists
    beyond a day's are not made, which the second value says in words."""
    steps, said = [], []
    for offer in (one for sold in offers.values() for one in sold if one.batch >= LIST):
        name, gather = key(offer), gathers[key(offer)]
        number, group = demand.questions.get(name, 0), GROUPS.get(name, "default")
        calls = _lists(number, seconds, gather, most=offer.batch, fewest=FEWEST.get(name, 1))
        step = found.step(f"{offer.name}, lists of up to {offer.batch}", offer.provider, group, calls)
        a_day = min((one.calls for one in step.windows if one.micros >= DAY), default=calls)
        if calls > a_day:
            said.append(
                f"{offer.provider} takes {a_day} lists a day, and gathered for {gather:g} s each this run would make "
                f"{calls:,}: later ones go to the next provider, at its price. Raise LEADS_GATHER_SECONDS."
            )
        if calls := min(calls, a_day):
            steps += [
                replace(step, calls=calls),
                found.step("look for answers", offer.provider, "default", calls * LOOKS.get(name, MOST_COMMON_LOOKS)),
            ]
    return steps, said


def gather_seconds(offer: Offer, price: Price, *, per_call_usd: float, longest: float) -> float:
    """How long leads gather for an offer: the longer, the more of them a call takes and the cap of a call pays for."""
    each = Decimal(str(price.credits_each)) * Decimal(str(price.usd_per_credit))
    most = fitting(per_call_usd, Decimal(0), each, offer.batch)
    return min(LINGER_SECONDS * max(1, most), longest)


def _lists(number: float, seconds: float, gather: float, *, most: int, fewest: int) -> int:
    """Of `number` leads that come one by one within `seconds`: each list waits for its first, then gathers."""
    if not number:
        return 0
    each = 1 + gather * number / seconds if seconds else number
    return max(ceil(number / most), round(min(number / fewest, number / each)))


def between_bursts(took: Timing) -> float:
    """Seconds between two bursts of the step that holds up all others: leads come in bursts then, one list each. A
    window of a minute and more is worked off in several."""
    window = took.slowest.window if took.slowest else None
    seconds = window.micros / SECOND if window else 0.0
    return seconds if seconds < LONG_WINDOW else 0.0


def by_api(steps: Sequence[Step]) -> dict[str, int]:
    """How many calls each API gets."""
    calls: dict[str, int] = {}
    for step in steps:
        calls[step.api] = calls.get(step.api, 0) + step.calls
    return calls
