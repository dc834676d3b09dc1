"""What must be there before a crawl may start: services that answer, a schema, the installation's key, credentials."""

from datetime import UTC, datetime
from pathlib import Path

import redis
from redis.exceptions import RedisError
from scrapy.settings import BaseSettings

from leadspiders.apis.registry import APIS
from leadspiders.campaigns.model import Campaign
from leadspiders.campaigns.prices import load_prices
from leadspiders.errors import SetupError, StoreError
from leadspiders.guard.hash_key import hash_key_at
from leadspiders.guard.vault import Vault
from leadspiders.pipelines.desks import named_providers
from leadspiders.rules.pace import read_limits
from leadspiders.spiders.campaign_spider import CampaignSpider
from leadspiders.stores.embedded.services import ensure
from leadspiders.stores.postgres.current import is_current
from leadspiders.stores.postgres.usage_readings import PAGE


def connect(settings: BaseSettings) -> dict[str, str]:
    """Settings that a crawl needs: where Postgres and Redis are, and the key of the hashes.

    The embedded services are started if they are needed and do not run, and their schema is brought up to date; a
    database of the user's own is never migrated unasked. Raises `SetupError`.
    """
    settled(settings)
    given = settings["DATABASE_URL"], settings["REDIS_URL"]
    embedded = None if all(given) else ensure(Path(settings["LEADS_HOME"]))
    database_url = given[0] or (embedded and embedded.database_url)
    redis_url = given[1] or (embedded and embedded.redis_url)
    assert database_url
    assert redis_url
    answers(redis_url)
    if not is_current(database_url):
        _bring_up(database_url, own=not given[0])
    key = hash_key_at(database_url, Vault.of_settings(settings))
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "LEADS_HASH_KEY": key.hex()}


def _bring_up(database_url: str, *, own: bool) -> None:
    from leadspiders.stores.postgres.migrate import missing, upgrade  # noqa: PLC0415 - 0.3 s of start, seldom needed

    behind = missing(database_url)
    if behind and not own:
        raise StoreError(f"the database lacks {len(behind)} migrations: run `scrapy migrate`")
    upgrade(database_url)


def settled(settings: BaseSettings) -> None:
    """Raise `SetupError` or `ArgumentError` for an address, a key or a limit of the environment that is none."""
    if problem := settings.get("LEADS_URLS_PROBLEM") or settings.get("LEADS_KEYS_PROBLEM"):
        raise SetupError(problem)
    read_limits(settings.get("LEADS_LIMITS") or "")


def answers(redis_url: str) -> None:
    """Raise `StoreError` when Redis does not answer."""
    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=5) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise StoreError(
            f"Redis does not answer ({error}): check REDIS_URL, or unset it for the embedded one"
        ) from None


def credential(spider: CampaignSpider, settings: BaseSettings) -> None:
    """Raise `SetupError` when the spider's API needs a key and has none, or when the keys file cannot be opened."""
    if problem := settings["LEADS_KEYS_PROBLEM"]:
        raise SetupError(problem)
    api = APIS.get(spider.api)
    if api and api.key_required and not spider.files and not settings.getdict("LEADS_CREDENTIALS").get(api.name):
        raise SetupError(f"{spider.name} needs {api.key_name}: set it, or store it with `scrapy keys add {api.name}`")


def providers(campaign: Campaign, settings: BaseSettings) -> None:
    """Raise `SetupError` when a provider that the campaign names does not exist, cannot say what it sells, or has no
    price; `CampaignError` when the price list is wrong."""
    prices, today = load_prices(settings["LEADS_PRICES"]), datetime.now(UTC).date()
    sold = [
        (provider.name, offer.name, offer.credits_each)
        for provider in named_providers(campaign, settings)
        for offer in provider.offers()
    ]
    if campaign.sources.apollo.companies:
        sold.append(("apollo", PAGE, 1.0))
    for provider, offer, credits_each in sold:
        prices.price(provider, offer, credits_each, budget=campaign.budget, day=today)
