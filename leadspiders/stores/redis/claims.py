"""Lets one worker at a time work on one person: whoever claims an identity first, the others wait for.

A claim says "somebody is on it", never "this was done": what was done is in Postgres. So a claim may be lost with
Redis, or run out with its worker, and the worst that follows is work done twice, which the unique keys merge.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.msgpack import encode
from redis.asyncio import Redis

LEASE_SECONDS: Final = 120
"""Longer than a record takes through the paid stages; a dead worker's claims are free after it."""

# A lead is `{token, {keys...}}`. All its keys are taken or none, so that two workers cannot hold half each and wait for
# one another.
_TAKE: Final = """
local prefix, seconds, taken = KEYS[1], ARGV[1], {}
for at, claim in ipairs(cmsgpack.unpack(ARGV[2])) do
  local token, keys = claim[1], {}
  for i, key in ipairs(claim[2]) do
    keys[i] = prefix .. key
  end
  taken[at] = 1
  for _, holder in ipairs(redis.call('MGET', unpack(keys))) do
    if holder and holder ~= token then
      taken[at] = 0
    end
  end
  if taken[at] == 1 then
    for _, key in ipairs(keys) do
      redis.call('SET', key, token, 'EX', seconds)
    end
  end
end
return taken
"""

_RELEASE: Final = """
for _, claim in ipairs(cmsgpack.unpack(ARGV[1])) do
  for _, key in ipairs(claim[2]) do
    if redis.call('GET', KEYS[1] .. key) == claim[1] then
      redis.call('DEL', KEYS[1] .. key)
    end
  end
end
"""


class Claim(Struct, frozen=True, array_like=True):
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
        return [bool(free) for free in await self._take(keys=[self._prefix], args=[self._seconds, encode(claims)])]

    async def release(self, claims: Sequence[Claim]) -> None:
        """Give up what is still ours."""
        await self._release(keys=[self._prefix], args=[encode(claims)])
