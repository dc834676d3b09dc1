"""Lets one worker at a time work on one person: whoever claims an identity first, the others wait for.

A claim says "somebody is on it", never "this was done": what was done is in Postgres. So a claim may be lost with
Redis, or run out with its worker, and the worst that follows is work done twice, which the unique keys merge.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from redis.asyncio import Redis

LEASE_SECONDS: Final = 120
"""Longer than a record takes through the paid stages; a dead worker's claims are free after it."""

# A lead is `token, number of keys, keys...`. All its keys are taken or none, so that two workers cannot hold half each
# and wait for one another.
_TAKE: Final = """
local prefix, seconds = KEYS[1], ARGV[1]
local taken, at = {}, 2
while at < #ARGV do
  local token, keys = ARGV[at], {}
  for i = 1, tonumber(ARGV[at + 1]) do
    keys[i] = prefix .. ARGV[at + 1 + i]
  end
  local free = 1
  for _, holder in ipairs(redis.call('MGET', unpack(keys))) do
    if holder and holder ~= token then
      free = 0
    end
  end
  if free == 1 then
    for _, key in ipairs(keys) do
      redis.call('SET', key, token, 'EX', seconds)
    end
  end
  taken[#taken + 1] = free
  at = at + 2 + #keys
end
return taken
"""

_RELEASE: Final = """
local prefix, at = KEYS[1], 1
while at < #ARGV do
  local token, number = ARGV[at], tonumber(ARGV[at + 1])
  for i = 1, number do
    local key = prefix .. ARGV[at + 1 + i]
    if redis.call('GET', key) == token then
      redis.call('DEL', key)
    end
  end
  at = at + 2 + number
end
"""


class Claim(msgspec.Struct, frozen=True):
    """`keys`, at least one, are hex digests of the lead's identities, `token` is unique to this record."""

    token: str
    keys: tuple[str, ...]


class Claims:
    """Claims in one Redis; the prefix carries a hash tag, so that a cluster keeps them on one node."""

    def __init__(self, redis: Redis, *, prefix: str = "{leads:claims}:", seconds: int = LEASE_SECONDS) -> None:
        self._prefix = prefix
        self._seconds = seconds
        self._take = redis.register_script(_TAKE)
        self._release = redis.register_script(_RELEASE)

    async def take(self, claims: Sequence[Claim]) -> list[bool]:
        """One answer a claim: True when all its keys are ours now. One round trip."""
        return [bool(free) for free in await self._take(keys=[self._prefix], args=[self._seconds, *_flat(claims)])]

    async def release(self, claims: Iterable[Claim]) -> None:
        """Give up what is still ours."""
        await self._release(keys=[self._prefix], args=_flat(claims))


def _flat(claims: Iterable[Claim]) -> list[str | int]:
    flat: list[str | int] = []
    for claim in claims:
        flat += [claim.token, len(claim.keys), *claim.keys]
    return flat
