"""How a command comes to a plan: spiders, providers, addresses and credentials as the run itself would have them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.commands.connect import hashes
from leadspiders.ops.plan import Question, Stored, make_plan
from leadspiders.ops.plan_data import Plan
from leadspiders.ops.plan_stored import stored
from leadspiders.pipelines.desks import named_providers
from leadspiders.sandbox.addresses import ADDRESSES, REHEARSAL, environment
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.postgres.pool import Database


def question(
    campaign: Campaign,
    settings: BaseSettings,
    *,
    goal: int,
    workers: int,
    sandbox_url: str | None = None,
    offline: bool = False,
) -> Question:
    """What to plan. With `sandbox_url` the run talks to that sandbox; else to whom the settings name."""
    loader = get_spider_loader(settings)
    arguments = {"campaign": campaign.source_file}
    spiders: dict[str, CampaignSpider] = {
        source: loader.load(source).checked(arguments, settings)  # type: ignore[attr-defined]
        for source in campaign.sources.enabled()
    }
    given: Mapping[str, str] = environment(sandbox_url) if sandbox_url else {}
    urls = {name: given.get(f"LEADS_{name.upper()}_URL", url) for name, url in settings.getdict("LEADS_URLS").items()}
    keys = {name: ring[0] for name, ring in settings.getdict("LEADS_CREDENTIALS").items() if ring}
    if sandbox_url:
        keys = {name: given[api.key_name] for name, api in APIS.items() if api.key_name in given}
    offers = {
        provider.name: provider.offers()
        for provider in named_providers(campaign, settings)
        if not provider.retired(urls.get(provider.name, ""))
        and (offline or asks_no_key(provider.name) or provider.name in keys)
    }
    base = sandbox_url or stand_in(urls)
    return Question(
        campaign=campaign,
        settings=settings,
        spiders=spiders,
        offers=offers,
        urls=urls,
        keys=keys,
        goal=goal,
        workers=workers,
        sandbox=bool(sandbox_url),
        rehearsal=below(base + REHEARSAL) if base and not offline else None,
        offline=offline,
    )


async def plan_of(asked: Question, database: Database) -> Plan:
    """The plan over what the database of the run holds."""
    known = await stored(database, asked.campaign, hashes(asked.settings), sandbox=asked.sandbox)
    return await make_plan(asked, known)


async def plan_alone(asked: Question) -> Plan:
    """The plan from the campaign alone."""
    return await make_plan(asked, Stored())


def below(base: str) -> dict[str, str]:
    """Base URLs of the stand-ins there, by API."""
    return {name.lower(): f"{base}{prefix}" for name, prefix in ADDRESSES.items()}


def stand_in(urls: Mapping[str, str]) -> str | None:
    """The sandbox that the environment points to by hand, if it does."""
    url, prefix = urls.get("apollo", ""), ADDRESSES["APOLLO"]
    local = urlsplit(url).hostname in {"127.0.0.1", "localhost"}
    return url.removesuffix(prefix) if local and url.endswith(prefix) else None


def asks_no_key(provider: str) -> bool:
    """Whether the provider's API can be asked without a credential."""
    api = APIS.get(provider)
    return api is None or not api.key_name
