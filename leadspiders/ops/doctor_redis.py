"""What the doctor asks Redis: whether it answers, is new enough, and keeps what it is given."""

import time
from typing import Any

import redis
from redis.exceptions import RedisError

from leadspiders.ops.doctor import Check, failure, well

OLDEST = (6, 2)


def check(url: str) -> tuple[Check, float | None]:
    """The line, and the seconds that Redis' clock is ahead of this machine's."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            info: Any = client.info()
            before = time.time()
            seconds, micros = client.time()
            return judge(info), seconds + micros / 1e6 - (before + time.time()) / 2
    except (RedisError, ValueError) as error:
        return failure("redis", f"does not answer ({error})", "check REDIS_URL, or unset it for the embedded one"), None


def judge(info: dict[str, Any]) -> Check:
    """What INFO says."""
    name = "Valkey" if "valkey_version" in info else "Redis"
    spoken = str(info.get("valkey_version") or info.get("redis_version") or "0")
    said = f"{name} {spoken}, {info.get('used_memory_human', '?')} in use"
    compatible = tuple(int(part) for part in str(info.get("redis_version", "0")).split(".")[:2])
    if compatible < OLDEST:
        return failure("redis", said, "leadspiders needs Redis 6.2 or newer: upgrade it, or unset REDIS_URL")
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory") and policy != "noeviction":
        return failure(
            "redis", f"{said}, evicts by {policy}", "it would drop the queue: set maxmemory-policy noeviction"
        )
    if info.get("role") == "slave":
        return failure("redis", f"{said}, a replica", "it cannot be written to: name the primary in REDIS_URL")
    return well("redis", said)
