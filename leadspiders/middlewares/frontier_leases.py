"""What one worker holds of the frontier: requests it has leased, those it works on, and what it has to tell Redis.

Plain bookkeeping without a clock or a socket. The order makes it safe: a request is acked only after all that was
enqueued before its end has been confirmed, and so after its children.
"""

from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import islice

from scrapy import Request

from leadspiders.guard.pace_books import Start
from leadspiders.middlewares.frontier_request import LEASED
from leadspiders.middlewares.promise import begin, paced
from leadspiders.stores.redis.frontier import Held, Message, Nack

MOST_AT_ONCE = 500
"""Requests in one trip of a kind: a megabyte or so."""


@dataclass(slots=True, eq=False)
class Lease:
    """A request that is ours `until` a moment of this process' clock. What happens to it is noted on the way.

    It may be begun from `at` on, by the promise in `start`; None as long as nothing was promised. One that is given
    back is left alone by everybody for `pause` seconds. `missed`: how often its moment went by.
    """

    held: Held
    request: Request
    until: float
    answered: bool = False
    failure: str | None = None
    final: bool = False
    given_back: bool = False
    lost: bool = False
    again: bool = False
    behind: int = 0
    pause: float = 0.0
    at: float | None = 0.0
    start: Start | None = None
    missed: int = 0

    @property
    def name(self) -> str:
        """What the request's meta carries."""
        return f"{self.held.id.hex()}:{self.held.token}"

    def due(self, now: float) -> bool:
        """Whether it may be begun."""
        return self.at is not None and self.at <= now

    def nack(self, pause: float) -> Nack | None:
        """What to say when it ended other than well; None for an ack."""
        if self.given_back:
            return Nack(held=self.held, pause=self.pause)
        if self.failure:
            return Nack(held=self.held, reason=self.failure, pause=None if self.final else pause)
        if not self.answered:
            return Nack(held=self.held, reason="no answer", pause=None)
        return None


class Leases:
    """`pause` is the seconds until a failed request may be tried again."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self.buffer: deque[Lease] = deque()
        self._out: dict[str, Lease] = {}
        self._again: deque[Lease] = deque()
        self._ended: list[Lease] = []
        self._outbox: list[Message] = []
        self._enqueued = 0
        self._confirmed = 0

    @property
    def busy(self) -> bool:
        """Whether anything is held, or waits to be told to Redis."""
        return bool(self.buffer or self._out or self.untold)

    @property
    def untold(self) -> bool:
        """Whether Redis has to be told anything."""
        return bool(self._outbox or self._ended)

    def enqueue(self, message: Message) -> None:
        """A new request, for the next trip."""
        self._outbox.append(message)
        self._enqueued += 1

    def next(self, now: float) -> Request | None:
        """The next request to work on. One whose lease ran out is kept back until Redis has said whose it is."""
        if self._again and self._again[0].due(now):
            lease = self._again.popleft()
            lease.again = False
        elif self.buffer and self.buffer[0].until > now and self.buffer[0].due(now):
            lease = self.buffer.popleft()
            self._out[lease.name] = lease
            lease.request.meta[LEASED] = lease.name
        else:
            return None
        if lease.start:
            begin(lease.request, lease.start)
        return lease.request

    def waiting(self) -> list[Lease]:
        """What was not begun yet, in the order in which it will be."""
        return [*self._again, *self.buffer]

    def downloading(self) -> int:
        """Requests that were begun on a promise, and have no answer yet."""
        return sum(
            1 for one in self._out.values() if one.start and not (one.answered or one.failure or one.again or one.lost)
        )

    def put_back(self, leases: Sequence[Lease], pause: float = 0.0) -> None:
        """Give back what was not begun; nobody gets it before `pause` seconds."""
        gone = {id(lease) for lease in leases}
        self.buffer = deque(lease for lease in self.buffer if id(lease) not in gone)
        self._again = deque(lease for lease in self._again if id(lease) not in gone)
        for lease in leases:
            self._out.pop(lease.name, None)
            lease.given_back, lease.pause = True, pause
            self._end(lease)

    def of(self, request: Request) -> Lease | None:
        """The lease that a request in work belongs to."""
        return self._out.get(request.meta.get(LEASED, ""))

    def repeat(self, lease: Lease, request: Request) -> bool:
        """Another request in place of the leased one (a redirect, a retry), under its lease; False if that is lost."""
        if lease.lost:
            return False
        lease.request, lease.again, lease.answered = request, True, False
        lease.at, lease.start = (None if paced(request) else 0.0), None
        self._again.append(lease)
        return True

    def sweep(self, in_progress: Container[Request]) -> bool:
        """Notice the requests that the engine is through with. True if there were any."""
        ended = [lease for lease in self._out.values() if not lease.again and lease.request not in in_progress]
        for lease in ended:
            del self._out[lease.name]
            self._end(lease)
        return bool(ended)

    def release(self) -> None:
        """Nothing more is begun: what was not goes back."""
        self.put_back(self.waiting())

    def refuse(self, held: Held, reason: str) -> None:
        """A lease on something that is no request: it is buried."""
        lease = Lease(held, Request("data:,"), 0.0, failure=reason, final=True)
        self._end(lease)

    def told(self) -> tuple[Sequence[Message], list[Lease]]:
        """What to tell Redis now: new requests, and leases that ended."""
        push = self._outbox[:MOST_AT_ONCE]
        ended = (lease for lease in self._ended if lease.behind <= self._confirmed or lease.nack(self._pause))
        return push, list(islice(ended, MOST_AT_ONCE))

    def confirm(self, pushed: int, ended: Sequence[Lease]) -> None:
        """Redis has it."""
        del self._outbox[:pushed]
        self._confirmed += pushed
        done = {id(lease) for lease in ended}
        self._ended = [lease for lease in self._ended if id(lease) not in done]

    def nacks(self, ended: Sequence[Lease]) -> tuple[list[Held], list[Nack]]:
        """The ended leases as acks and nacks."""
        nacks = [(lease, lease.nack(self._pause)) for lease in ended]
        return [lease.held for lease, nack in nacks if not nack], [nack for _, nack in nacks if nack]

    def held(self, besides: Sequence[Lease] = ()) -> list[Held]:
        """Everything whose lease has to go on: a request that ended too, until Redis is told."""
        told = {id(lease) for lease in besides}
        leases = (*self.buffer, *self._out.values(), *self._ended)
        return [lease.held for lease in leases if not lease.lost and id(lease) not in told]

    def extended(self, held: Sequence[Held], until: float, lost: Sequence[Held]) -> None:
        """The leases go on, but for those that are somebody else's by now: what was not begun of those is forgotten."""
        gone = set(lost)
        for lease in (*self.buffer, *self._out.values()):
            lease.lost = lease.lost or lease.held in gone
            lease.until = until
        self.buffer = deque(lease for lease in self.buffer if not lease.lost)
        self._ended = [lease for lease in self._ended if lease.held not in gone]

    def _end(self, lease: Lease) -> None:
        if not lease.lost:
            lease.behind = self._enqueued
            self._ended.append(lease)
