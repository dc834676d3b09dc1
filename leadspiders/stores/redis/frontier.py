"""The requests that are still to be made in a run, shared by all its workers, and safe from any of them being killed.

A worker never takes a request out: it leases it, and says when it is done (`ack`) or not (`nack`). What a killed worker
had is taken back when its lease runs out, and a worker that was only slow finds its token refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from leadspiders.stores.redis import frontier_scripts as scripts

LEASE_SECONDS: Final = 30.0
MOST_TRIES: Final = 3
ID_BYTES: Final = 16
_DIGESTS: Final = {
    script: sha1(script.encode(), usedforsecurity=False).hexdigest()
    for script in (scripts.PUSH, scripts.LEASE, scripts.ACK, scripts.NACK, scripts.EXTEND)
}
_NAMES: Final = ("ready", "data", "lease", "owner", "tries", "seen", "dead", "sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request to enqueue: one that is `filtered` is enqueued once a run, by its id of 16 bytes."""

    id: bytes
    payload: bytes
    priority: int = 0
    filtered: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A lease: `token` is new each time a request is leased, so that an old holder can be told from the new one."""

    id: bytes
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nack:
    """A request that was not done: tried again after `pause` seconds (doubled each time), or buried if that is None.

    Without a reason it was never tried, and goes back to its old place, after the pause if there is one.
    """

    held: Held
    reason: str = ""
    pause: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Dead:
    """A request that is given up; `payload` is as it was stored."""

    id: bytes
    reason: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What one round trip brought.

    `leased` holds leases with their payloads; `ready` and `held` count the requests of all workers; `sequence` only
    grows while Redis keeps its data; `due` is the seconds until the next lease or pause ends, None without any.
    """

    leased: list[tuple[Held, bytes]]
    ready: int
    held: int
    sequence: int
    due: float | None
    pushed: int = 0
    lost: list[Held] = field(default_factory=list)
    buried: list[Dead] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Call:
    script: str
    keys: Sequence[str]
    args: list[Any]


class Frontier:
    """The frontier of one spider in one run. `worker` names this process to whoever looks into Redis."""

    def __init__(
        self,
        redis: Redis,
        *,
        run_id: str,
        spider: str,
        worker: str = "",
        lease_seconds: float = LEASE_SECONDS,
        most_tries: int = MOST_TRIES,
    ) -> None:
        self._redis = redis
        self._prefix = f"{{leads:{run_id}}}:{spider}"
        self._keys = {name: f"{self._prefix}:{name}" for name in _NAMES}
        self._worker = worker
        self._lease = round(lease_seconds * 1000)
        self._most = most_tries

    async def exchange(
        self,
        *,
        push: Sequence[Message] = (),
        ack: Sequence[Held] = (),
        nack: Sequence[Nack] = (),
        extend: Sequence[Held] = (),
        want: int = 0,
    ) -> Exchange:
        """Enqueue, finish, give back, extend and lease up to `want`, in one round trip.

        Each of the five is done whole or not at all, in this order; to be repeated when an error leaves it open whether
        it was done. A request that only this push makes known must be confirmed before its parent is acked.
        """
        calls = [
            *([self._push(push)] if push else []),
            *([self._ack(ack)] if ack else []),
            *([self._nack(nack)] if nack else []),
            *([self._extend(extend)] if extend else []),
            self._take(want),
        ]
        replies = await self._run(calls)
        ready, held, sequence, due, leased, buried = replies.pop()
        ours = replies.pop() if extend else []
        buried += replies.pop() if nack else []
        return Exchange(
            leased=[(Held(id_, token), stored) for id_, token, stored in leased],
            ready=ready,
            held=held,
            sequence=sequence,
            due=None if due < 0 else due / 1000,
            pushed=replies[0] if push else 0,
            lost=[held for held, still in zip(extend, ours, strict=True) if not still],
            buried=[Dead(id_, reason.decode(), payload_of(stored)) for id_, reason, stored in buried],
        )

    async def mark_seen(self, fingerprints: Iterable[str]) -> None:
        """Count requests as made, by fingerprint in hex digits: none of them is enqueued in this run again.

        For a run whose Redis was lost. Only for requests that led to no others: those they led to are not known here.
        """
        if ids := [message_id(bytes.fromhex(text)) for text in fingerprints]:
            await self._redis.sadd(self._keys["seen"], *ids)

    async def dead(self) -> list[Dead]:
        """All that were given up."""
        found: dict[Any, Any] = await self._redis.hgetall(self._keys["dead"])
        entries = ((id_, value.partition(b"\n")) for id_, value in found.items())
        return [Dead(id_, reason.decode(), payload_of(stored)) for id_, (reason, _, stored) in entries]

    async def expire(self, seconds: int) -> None:
        """Let what is left of a finished run go after a while; a worker that comes late still finds what was seen."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in self._keys.values():
                pipe.expire(key, seconds)
            await pipe.execute()

    def _push(self, messages: Sequence[Message]) -> _Call:
        args: list[Any] = []
        for message in messages:
            args += [message.id, int(message.filtered), message.priority, message.payload]
        return self._call(scripts.PUSH, ("ready", "data", "seen", "sequence"), args)

    def _ack(self, held: Sequence[Held]) -> _Call:
        return self._call(scripts.ACK, ("lease", "owner", "data", "tries"), self._holders(held))

    def _nack(self, nacks: Sequence[Nack]) -> _Call:
        args: list[Any] = [self._most]
        for nack in nacks:
            pause = -1 if nack.pause is None else round(nack.pause * 1000)
            args += [*self._holders([nack.held]), pause, nack.reason.replace("\n", " ")]
        return self._call(scripts.NACK, ("ready", "data", "lease", "owner", "tries", "dead"), args)

    def _extend(self, held: Sequence[Held]) -> _Call:
        return self._call(scripts.EXTEND, ("lease", "owner"), [self._lease, *self._holders(held)])

    def _take(self, want: int) -> _Call:
        keys = ("ready", "data", "lease", "owner", "tries", "dead", "sequence")
        return self._call(scripts.LEASE, keys, [self._worker, self._lease, want, self._most])

    def _holders(self, held: Iterable[Held]) -> list[Any]:
        return [value for one in held for value in (one.id, f"{self._worker}:{one.token}")]

    def _call(self, script: str, names: Iterable[str], args: list[Any]) -> _Call:
        return _Call(script, [self._keys[name] for name in names], args)

    async def _run(self, calls: list[_Call]) -> list[Any]:
        replies = await self._send(calls)
        if unknown := [place for place, reply in enumerate(replies) if isinstance(reply, NoScriptError)]:
            await self._load()  # at the first trip, and when Redis was restarted since
            again = await self._send([*(calls[place] for place in unknown), self._take(0)])
            counts = again.pop()
            for place, reply in zip(unknown, again, strict=True):
                replies[place] = reply
            if isinstance(counts, list) and isinstance(replies[-1], list):
                replies[-1][:4] = counts[:4]  # what was done late counts too
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    async def _send(self, calls: Iterable[_Call]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for call in calls:
                pipe.execute_command("EVALSHA", _DIGESTS[call.script], len(call.keys), *call.keys, *call.args)
            return await pipe.execute(raise_on_error=False)

    async def _load(self) -> None:
        for script in _DIGESTS:
            await self._redis.script_load(script)


def message_id(fingerprint: bytes) -> bytes:
    """The id of a request that is made once a run: the first 16 bytes of its fingerprint."""
    return fingerprint[:ID_BYTES]


def payload_of(stored: bytes) -> bytes:
    """A payload without the priority and the sequence number before it; as it is, if somebody else wrote it."""
    parts = stored.split(b"|", 2)
    return parts[2] if len(parts) == 3 else stored
