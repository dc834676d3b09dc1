"""Which APIs no credential may ask at present, as commands look it up: a Redis that is away closes nothing."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from scrapy.settings import BaseSettings

from leadspiders.stores.embedded.services import ensure
from leadspiders.stores.redis.pace import closed_until

REDIS_SECONDS = 2.0


async def closed(redis_url: str, base_urls: Mapping[str, str]) -> dict[str, datetime]:
    """By API, when it is open again."""
    async with Redis.from_url(redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS) as redis:
        with suppress(RedisError, OSError):
            return await closed_until(redis, base_urls)
    return {}


async def closed_for(settings: BaseSettings) -> dict[str, datetime]:
    """The same for the services and addresses of the settings."""
    url = settings["REDIS_URL"] or ensure(Path(settings["LEADS_HOME"])).redis_url
    return await closed(url, settings.getdict("LEADS_URLS"))
