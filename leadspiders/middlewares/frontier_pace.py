"""When the requests that one worker holds may be begun: it asks the shared pace for as many as it can begin at once.

A promise is asked for when a request is about to be begun, never while the downloader has it: one that waits there
takes the place of one that could go. What would have to wait is not kept from the other workers either: all but the
next one go back.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from leadspiders.errors import ApiError, CredentialRefused, QuotaUsedUp, Unpaced
from leadspiders.guard.pacing import LONGEST_WAIT_SECONDS, Pacer
from leadspiders.middlewares.frontier_leases import Lease, Leases
from leadspiders.middlewares.promise import NOT_BOUGHT, group_of, is_paid

AHEAD_SECONDS: Final = 1.0
"""A request that may not be begun sooner goes back to the queue, unless it is the next one."""

Group = tuple[str, str, bool]


class Promises:
    """The promises of one worker's leases; `most` is how many requests to APIs it has under way at once."""

    def __init__(self, leases: Leases, pacer: Callable[[], Pacer], *, most: int, say: Callable[[str], None]) -> None:
        self._leases = leases
        self._pacer = pacer
        self._most = most
        self._say = say
        self.closing: str | None = None
        """Why the crawl should end: nothing may be asked for long."""

    def wanting(self) -> list[Lease]:
        """What could be begun at once and was promised nothing yet."""
        room = max(0, self._most - self._leases.downloading())
        return [lease for lease in self._leases.waiting()[:room] if lease.at is None]

    def next_at(self, now: float) -> float | None:
        """When the next request may be begun, if that is not yet."""
        head = next(iter(self._leases.waiting()), None)
        return head.at if head and head.at is not None and head.at > now else None

    def check(self, now: float) -> None:
        """Forget promises whose moment was missed, or that are void: they are asked for anew."""
        for lease in self._leases.waiting()[: self._most]:
            if lease.at is not None and (start := lease.start):
                late = now > start.until
                if late or self._pacer().void(lease.request.meta["api"], start):
                    lease.at = None
                    lease.missed = lease.missed + 1 if late else 0

    async def ask(self, now: float) -> bool:
        """Have moments promised to what could be begun now. True if there were any."""
        head = next(iter(self._leases.waiting()), None)
        if head and head.start and self.next_at(now):
            await self._pacer().listen(head.request.meta["api"], head.start)
            self.check(now)
        groups: defaultdict[Group, list[Lease]] = defaultdict(list)
        for lease in self.wanting():
            groups[_group(lease)].append(lease)
        for group, leases in groups.items():
            await self._promise(group, leases)
        return bool(groups)

    async def thin_out(self, now: float) -> bool:
        """Give back what stands behind a request that has to wait. True if that was anything."""
        waiting = self._leases.waiting()
        far = next((n for n, one in enumerate(waiting) if one.at and one.at > now + AHEAD_SECONDS), None)
        if far is None:
            return False
        if far == 0 and waiting[0].at and waiting[0].at > now + LONGEST_WAIT_SECONDS:
            self._close(timedelta(seconds=waiting[0].at - now) + datetime.now(UTC), "no call is left before")
        behind = [lease for lease in waiting[max(far, 1) :] if not lease.again]
        self._leases.put_back(behind)
        await self.return_slots(behind)
        return bool(behind)

    async def return_slots(self, leases: Sequence[Lease]) -> None:
        """Tell the pace of promises that are not kept."""
        groups: defaultdict[Group, list[Lease]] = defaultdict(list)
        for lease in leases:
            if lease.start:
                groups[_group(lease)].append(lease)
        for (api, group, _), some in groups.items():
            await self._pacer().give_back(api, group, [lease.start for lease in some if lease.start])

    async def _promise(self, group: Group, leases: list[Lease]) -> None:
        api, name, paid = group
        back = [lease.start.slot for lease in leases if lease.start and lease.start.slot]
        try:
            missed = max(lease.missed for lease in leases)
            starts = await self._pacer().starts(api, name, len(leases), paid=paid, back=back, missed=missed)
        except Unpaced:
            return  # asked again when Redis is back
        except ApiError as error:
            self._refused(leases, error, paid=paid)
            return
        for lease, start in zip(leases, starts, strict=True):
            lease.at, lease.start = start.at, start

    def _refused(self, leases: list[Lease], error: ApiError, *, paid: bool) -> None:
        """No credential is open: what is free waits for it in the queue, what costs is not bought."""
        if paid:
            for lease in leases:
                lease.at, lease.start = 0.0, None
                lease.request.meta[NOT_BOUGHT] = (
                    "credential-refused" if isinstance(error, CredentialRefused) else "quota-used-up"
                )
            return
        until = error.retry_at if isinstance(error, QuotaUsedUp) else None
        pause = (until - datetime.now(UTC)).total_seconds() if until else 0.0
        short = pause <= LONGEST_WAIT_SECONDS
        # Of a long wait nothing is noted in the queue: the next crawl may have another key.
        self._leases.put_back(leases, max(pause, 0.0) if short else 0.0)
        if not until:
            self._say(str(error))
            self.closing = self.closing or "credential-refused"
        elif not short:
            self._close(until, str(error))

    def _close(self, until: datetime, why: str) -> None:
        if not self.closing:
            self._say(f"{why}: open again at {until:%Y-%m-%d %H:%M} UTC. What was not asked stays in the queue")
            self.closing = f"quota-used-up-until-{until:%Y-%m-%dT%H:%MZ}"


def _group(lease: Lease) -> Group:
    request = lease.request
    return request.meta["api"], group_of(request), is_paid(request)
