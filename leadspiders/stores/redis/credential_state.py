"""What the crawls know of each credential: whether it was refused or is used up, and what is left of its quotas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from leadspiders.apis.registry import APIS
from leadspiders.rules.pace import SECOND
from leadspiders.stores.redis.pace import Key, closings, place, quota_left


@dataclass(frozen=True, slots=True)
class CredentialState:
    """`closed` says why it is not used now and until when; `left` is calls left and allowed by group and seconds."""

    closed: str | None = None
    left: Mapping[str, Mapping[int, tuple[int, int]]] = field(default_factory=dict)


async def credential_states(
    redis: Redis, credentials: Iterable[tuple[str, Key]], base_urls: Mapping[str, str], *, now: datetime
) -> dict[str, CredentialState]:
    """By id, for pairs of API and credential."""
    found = {}
    for api, key in credentials:
        shut: dict[bytes, bytes] = await _shut(redis, place(api, base_urls.get(api)))
        told = {
            what: reason
            for what in _what(api, key)
            if (value := shut.get(what.encode())) and (reason := _told(value, now))
        }
        closed = "; ".join(
            reason if what == key.id else f"{what.rpartition('|')[2]}: {reason}" for what, reason in told.items()
        )
        found[key.id] = CredentialState(closed or None, await quota_left(redis, key.id, base_urls.get(api)))
    return found


def _what(api: str, key: Key) -> dict[str, None]:
    """All that may close a credential, whatever is asked with it; first what closes it whole."""
    groups = dict.fromkeys(("default", *(limit.group for limit in APIS[api].limits)))
    return dict.fromkeys(what for group in groups for what in closings(key, group, paid=True))


async def _shut(redis: Redis, prefix: str) -> Any:
    return await redis.hgetall(f"{prefix}:closed")


def _told(value: bytes, now: datetime) -> str | None:
    micros, _, reason = value.decode().partition("|")
    until = datetime.fromtimestamp(int(micros) / SECOND, UTC)
    return f"{reason or 'closed'}, until {until:%Y-%m-%d %H:%M} UTC" if until > now else None
