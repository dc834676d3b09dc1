"""What paces a plan's calls, and what ends them: windows as the pacer keeps them, credits left, room under the caps."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientError
from scrapy.settings import BaseSettings

from leadspiders.apis.apollo.usage import credit_usage_call, read_credits, read_usage, usage_call
from leadspiders.apis.http import Limit
from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.errors import ApiError
from leadspiders.ops.plan_ask import Ask
from leadspiders.rules.pace import SECOND, Window, gap, read_limits, windows_of
from leadspiders.rules.plan import Room, Step
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.spend_totals import Total

APOLLO_GROUPS = {"api/v1/mixed_people/api_search": "search", "api/v1/people/bulk_match": "bulk"}
GROUPS = {
    "apollo/match": "bulk",
    "apollo/organization": "bulk",
    "hunter/find": "finder",
    "hunter/domain": "domain",
    "hunter/verify": "verifier",
    "neverbounce/verify": "jobs",
}
"""Whose limits an offer's calls fall under; others under those of `default`."""
DAY_HOURS = 24


@dataclass(slots=True, kw_only=True)
class Quotas:
    """`told` is what providers said of their windows: calls allowed and used in the present one, by API and group and
    microseconds. `credits` are those left at a provider, where it tells."""

    declared: Mapping[tuple[str, str], tuple[Limit, ...]]
    gaps: Mapping[tuple[str, str], float]
    keyless: frozenset[str] = frozenset()
    told: dict[tuple[str, str], dict[int, tuple[int, int]]] = field(default_factory=dict)
    credits: dict[str, float] = field(default_factory=dict)

    def step(self, what: str, api: str, group: str, calls: int) -> Step:
        """A step under the windows that hold for it."""
        declared = APIS[api]
        limits = self.declared.get((api, group)) or (
            (declared.limits_without_key if api in self.keyless else ()) or declared.limits
        )
        windows = {window.micros: window for window in windows_of(limits, group)}
        used = {}
        for micros, (allowed, spent) in self.told.get((api, group), {}).items():
            used[micros] = spent
            known = windows.get(micros)
            windows[micros] = Window(allowed, micros, known.aligned if known else True)
        paced = (*windows.values(), *gap(self.gaps.get((api, group), 0.0)))
        return Step(what=what, api=api, group=group, calls=calls, windows=paced, used=used)


def quotas(settings: BaseSettings, spiders: Iterable[CampaignSpider], keys: Iterable[str], *, sandbox: bool) -> Quotas:
    """What the installation and the campaign say of limits and pauses; in the sandbox nobody pauses."""
    declared = dict(read_limits(settings.get("LEADS_LIMITS") or ""))
    gaps = {}
    for spider in spiders:
        for limit in spider.allowed():
            declared.setdefault((spider.api, limit.group), (limit,))
        for place in spider.groups():
            gaps[place] = 0.0 if sandbox else spider.pause(settings)
    return Quotas(declared=declared, gaps=gaps, keyless=frozenset(APIS) - frozenset(keys))


async def ask_apollo(found: Quotas, ask: Ask) -> None:
    """Apollo tells windows and credits for nothing, to a master key; to any other it does not."""
    with suppress(ApiError, ClientError, TimeoutError, OSError):
        for path, windows in read_usage(await ask.send(usage_call())).items():
            if group := APOLLO_GROUPS.get(path):
                found.told["apollo", group] = {
                    one.seconds * SECOND: (one.limit, max(0, one.limit - (one.left or 0)))
                    for one in windows
                    if one.limit
                }
        left = read_credits(await ask.send(credit_usage_call())).left
        found.credits["apollo"] = sum(left.values())


def rooms(campaign: Campaign, counted: Iterable[Total], credits_left: Mapping[str, float]) -> list[Room]:
    """Every cap that ends a run, and what is left of it. A day's cap comes back each day that the campaign may last."""
    budget, today = campaign.budget, datetime.now(UTC).date().isoformat()
    spent = {(one.scope, one.name): one for one in counted}

    def usd(scope: str, name: str) -> float:
        return float(spent[scope, name].usd) if (scope, name) in spent else 0.0

    days = max(1.0, campaign.goals.hours // DAY_HOURS)
    found = [
        Room(name="budget.cap_usd", left=budget.cap_usd - usd("campaign", ""), unit="usd"),
        Room(name="budget.per_run_usd", left=budget.per_run_usd, unit="usd"),
        Room(name="budget.per_day_usd", left=budget.per_day_usd * days - usd("day", today), unit="usd"),
    ]
    for provider, most in budget.per_provider_usd.items():
        name = f"budget.per_provider_usd.{provider}"
        found.append(Room(name=name, left=most - usd("provider", provider), unit="usd", provider=provider))
    for provider, most in budget.credits.items():
        used = float(spent["provider", provider].credits) if ("provider", provider) in spent else 0.0
        found.append(Room(name=f"budget.credits.{provider}", left=most - used, unit="credits", provider=provider))
    found += [
        Room(name=f"credits left at {name}", left=left, unit="credits", provider=name)
        for name, left in credits_left.items()
    ]
    return found
