"""Where the requests of a run stand in Redis, by fingerprint; and how a run goes on whose Redis came back empty.

Who asks is no worker: nothing is leased here, and nobody's lease is touched.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from redis.asyncio import Redis

from leadspiders.stores.redis.frontier import Frontier, message_id

Place = Literal["held", "queued", "dead", "nowhere"]
"""A worker has it; it waits for one; it was given up after its tries; Redis knows nothing of it."""


class Standing:
    """The frontier of one spider in one run, seen from outside."""

    def __init__(self, redis: Redis, *, run_id: str, spider: str) -> None:
        self._redis = redis
        self._prefix = f"{{leads:{run_id}}}:{spider}"
        self._frontier = Frontier(redis, run_id=run_id, spider=spider)

    async def places(self, fingerprints: Sequence[str]) -> dict[str, Place]:
        """Where each request is."""
        ids = [_id(fingerprint) for fingerprint in fingerprints]
        if not ids:
            return {}
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in ("owner", "data", "dead"):
                pipe.hmget(f"{self._prefix}:{name}", ids)
            owners, stored, dead = await pipe.execute()
        return {
            fingerprint: _place(owner, data, buried)
            for fingerprint, owner, data, buried in zip(fingerprints, owners, stored, dead, strict=True)
        }

    async def rebuild(self, *, done: Iterable[str], again: Sequence[str]) -> None:
        """Let a run go on where its receipts say it stood: what is `done` is not asked again, what is in `again` is.

        Requests that a worker has, or that wait for one, stay as they are. What was given up gets its tries anew.
        """
        await self._frontier.mark_seen(done)
        places = await self.places(again)
        if ids := [_id(fingerprint) for fingerprint, place in places.items() if place in {"dead", "nowhere"}]:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.srem(f"{self._prefix}:seen", *ids)
                pipe.hdel(f"{self._prefix}:dead", *ids)
                await pipe.execute()


def _id(fingerprint: str) -> bytes:
    return message_id(bytes.fromhex(fingerprint))


def _place(owner: bytes | None, data: bytes | None, dead: bytes | None) -> Place:
    if owner:
        return "held"
    if data:
        return "queued"
    return "dead" if dead else "nowhere"
