"""Builds the pacer of one crawl: the limits of its APIs, as the installation and the campaign correct them."""

import os
import socket
from collections.abc import Callable, Iterable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from scrapy.settings import BaseSettings

from leadspiders.guard.keyring import Keyring
from leadspiders.guard.pacing import Pacer
from leadspiders.rules.pace import read_limits
from leadspiders.stores.redis.pace import SharedPace

REDIS_SECONDS: Final = 2.0
"""After this long without an answer Redis is away: calls wait for it."""


def make_pacer(spiders: Iterable[Any], settings: BaseSettings, count: Callable[[str, int], None]) -> Pacer:
    """The pacer of a crawl, or of whoever asks for these spiders; it connects at the first call."""
    redis = Redis.from_url(
        settings["REDIS_URL"],
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 1),  # for a line that Redis closed when it was restarted
    )
    pacer = Pacer(
        SharedPace(redis, f"{socket.gethostname()}:{os.getpid()}"),
        Keyring.of_settings(settings),
        settings.getdict("LEADS_URLS"),
        limits=read_limits(settings.get("LEADS_LIMITS") or ""),
        at_once=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        count=count,
    )
    for spider in spiders:
        for limit in spider.allowed():
            pacer.limit(spider.api, limit.group, limit.calls, limit.seconds)
        for api, group in spider.groups():
            pacer.ease(api, group, spider.pause(settings))
    return pacer
