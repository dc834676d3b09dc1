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

# All keys of a lead are taken or none, so that two workers cannot hold half each and wait for one another.
_TAKE: Final = """
local prefix, seconds = KEYS[1], ARGV[1]
local taken = {}
for i = 2, #ARGV do
  local lead = cjson.decode(ARGV[i])
  local free = 1
  for _, key in ipairs(lead.keys) do
    local holder = redis.call('GET', prefix .. key)
    if holder and holder ~= lead.token then
      free = 0
      break
    end
  end
  if free == 1 then
    for _, key in ipairs(lead.keys) do
      redis.call('SET', prefix .. key, lead.token, 'EX', seconds)
    end
  end
  taken[i - 1] = free
end
return taken
"""

_RELEASE: Final = """
local prefix = KEYS[1]
for i = 1, #ARGV do
  local lead = cjson.decode(ARGV[i])
  for _, key in ipairs(lead.keys) do
    if redis.call('GET', prefix .. key) == lead.token then
      redis.call('DEL', prefix .. key)
    end
  end
end
"""


class Claim(msgspec.Struct, frozen=True):
    """`keys` are hex digests of the lead's identities, `token` is unique to this record."""

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
        args: list[int | bytes] = [self._seconds, *(msgspec.json.encode(claim) for claim in claims)]
        return [bool(free) for free in await self._take(keys=[self._prefix], args=args)]

    async def release(self, claims: Iterable[Claim]) -> None:
        """Give up what is still ours."""
        await self._release(keys=[self._prefix], args=[msgspec.json.encode(claim) for claim in claims])
