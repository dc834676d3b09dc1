"""The pace that all workers keep together: who may call which API next, with which credential, and at what moment.

A call asks once and is told its time; it sleeps until then and goes. Nobody polls for a free place.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from redis.asyncio import Redis

from leadspiders.apis.http import Api, Usage, host
from leadspiders.apis.registry import APIS
from leadspiders.rules.pace import ALWAYS_ALIGNED_SECONDS, SECOND, Window, windows_of
from leadspiders.stores.redis import pace_scripts as scripts
from leadspiders.stores.redis.pace_reserve_script import RESERVE

PLAIN: Final = "*|"
"""Before the group, in `closed`: no credential is left for it. With `|credits` behind it: for calls that cost."""


@dataclass(frozen=True, slots=True)
class Key:
    """A credential as the pace knows it: `scope` is whose limits it uses, so that keys of one team share them."""

    id: str
    scope: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The promise of one call: `at` is Redis' time in microseconds; it may be made up to `slack` later than others."""

    book: str
    at: int
    number: int
    slack: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What was promised at `now`: a slot a call, for one credential; `windows` is what holds for it."""

    now: int
    credential: str
    book: str
    generation: int
    workers: int
    slots: tuple[Slot, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """No credential may be used before `until`; `reason` is that of the one that opens first."""

    until: datetime
    reason: str


class SharedPace:
    """The books of all APIs in one Redis."""

    def __init__(self, redis: Redis, worker: str) -> None:
        self._redis = redis
        self._worker = worker
        self._reserve = redis.register_script(RESERVE)
        self._tell = redis.register_script(scripts.TELL)
        self._close = redis.register_script(scripts.CLOSE)

    async def reserve(
        self,
        place: str,
        group: str,
        ring: Sequence[Key],
        windows: Sequence[Window],
        *,
        number: int = 1,
        paid: bool = False,
        back: Sequence[Slot] = (),
        lead: int = 0,
        slack: int = 0,
    ) -> Promised | Closed:
        """Give `back` what was promised before, and promise so many calls, with the first credential that is open.

        With a `lead`, of calls whose moments went by: none is promised one within so many microseconds, for the answer
        takes as long; and where nobody else is in the way, a call keeps its place and is put off.
        """
        asked = {
            "group": group,
            "ring": [{"id": key.id, "scope": key.scope, "fields": closings(key, group, paid=paid)} for key in ring],
            "windows": _plain(windows),
            "number": number,
            "paid": int(paid),
            "worker": self._worker,
            "back": [[slot.book, slot.at, slot.number] for slot in back],
            "lead": lead,
            "slack": slack,
        }
        told: Any = await self._reserve(keys=[place], args=[json.dumps(asked)])
        if not told[0]:
            return Closed(_moment(int(told[2])), told[3].decode())
        _, now, credential, scope, generation, workers, promised, known = told
        book = f"{scope.decode()}|{group}"
        return Promised(
            now=int(now),
            credential=credential.decode(),
            book=book,
            generation=generation,
            workers=workers,
            slots=tuple(
                Slot(book, int(at), name, slack) for at, name in zip(promised[::2], promised[1::2], strict=True)
            ),
            windows=tuple(
                Window(calls, micros, bool(aligned), bool(gap))
                for calls, micros, aligned, gap in zip(*[iter(known)] * 4, strict=True)
            ),
        )

    async def give_back(self, place: str, group: str, windows: Sequence[Window], back: Sequence[Slot]) -> None:
        """Calls that were promised and are not made."""
        asked = {
            "group": group,
            "windows": _plain(windows),
            "number": 0,
            "back": [[s.book, s.at, s.number] for s in back],
        }
        await self._reserve(keys=[place], args=[json.dumps(asked)])

    async def tell(
        self,
        place: str,
        book: str,
        windows: Sequence[Window],
        usage: Sequence[Usage] = (),
        *,
        slot: int = 0,
        hold: float | None = None,
    ) -> int:
        """Note what a reply to the call of `slot` said of the windows, and let nobody call for `hold` seconds (0: for
        a moment, longer each time). Returns the generation: a new one when promises have to be asked for anew."""
        aligned = any(window.aligned and window.micros < ALWAYS_ALIGNED_SECONDS * SECOND for window in windows)
        asked = {
            "book": book,
            "windows": _plain(windows),
            "slot": slot,
            "usage": [
                [
                    one.seconds * SECOND,
                    int(aligned or one.seconds >= ALWAYS_ALIGNED_SECONDS),
                    -1 if one.limit is None else one.limit,
                    -1 if one.left is None else one.left,
                ]
                for one in usage
            ],
            "hold": -1 if hold is None else round(hold * SECOND),
        }
        generation: int = await self._tell(keys=[place], args=[json.dumps(asked)])
        return generation

    async def aclose(self) -> None:
        """Close the line."""
        await self._redis.aclose()

    async def close(self, place: str, field: str, until: datetime, reason: str) -> None:
        """Close one of `closings` until then."""
        await self._close(keys=[place], args=[field, round(until.timestamp() * SECOND), reason.replace("\n", " ")])


def place(api: str, base_url: str | None = None) -> str:
    """Where an API's pace lies in Redis; a stand-in of the API has one of its own."""
    own = base_url and host(base_url) != host(APIS[api].base_url)
    return f"{{leads:pace:{api}@{base_url}}}" if own else f"{{leads:pace:{api}}}"


def closings(key: Key, group: str, *, paid: bool) -> list[str]:
    """What may close a credential to a call: its refusal, whole or for these endpoints; a quota; its credits."""
    credits_gone = [f"quota:{key.scope}|credits"] if paid else []
    return [key.id, f"{key.id}|{group}", f"quota:{key.scope}|{group}", *credits_gone]


async def closed_until(redis: Redis, base_urls: Mapping[str, str] | None = None) -> dict[str, datetime]:
    """The APIs that no credential may ask at present, and when each is open again. Used-up credits do not count."""
    found = {}
    for api in APIS:
        shut: dict[Any, Any] = await redis.hgetall(f"{place(api, (base_urls or {}).get(api))}:closed")
        times = [
            _moment(int(value.partition(b"|")[0]))
            for name, value in shut.items()
            if name.startswith(PLAIN.encode()) and not name.endswith(b"|credits")
        ]
        if times and max(times) > datetime.now(UTC):
            found[api] = max(times)
    return found


async def quota_left(
    redis: Redis, credential_id: str, base_url: str | None = None
) -> dict[str, dict[int, tuple[int, int]]]:
    """Calls left and allowed, by group and seconds of each window of the clock, as far as a credential was used."""
    api = APIS[credential_id.rsplit("-", 1)[0]]
    prefix = place(api.name, base_url)
    scope: Any = await redis.hget(f"{prefix}:scopes", credential_id)
    seconds, micros = await redis.time()
    now = int(seconds) * SECOND + int(micros)
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for group in dict.fromkeys(limit.group for limit in api.limits) if scope else ():
        book = f"{prefix}:{scope.decode()}|{group}" if scope else ""
        for window in _told(api, group, await redis.hgetall(book)):
            used = int(await redis.get(f"{book}:used:{window.micros}:{now // window.micros}") or 0)
            found.setdefault(group, {})[window.micros // SECOND] = (max(0, window.calls - used), window.calls)
    return found


def _told(api: Api, group: str, book: dict[Any, Any]) -> list[Window]:
    """The aligned windows of a book that was ever opened, as declared and as the provider corrected them."""
    if not book:
        return []
    windows = {window.micros: window for window in windows_of(api.limits, group)}
    for name, value in book.items():
        if name.startswith(b"limit:"):
            calls, _, aligned = value.partition(b"|")
            windows[int(name[6:])] = Window(int(calls), int(name[6:]), aligned == b"1")
    return [window for window in windows.values() if window.aligned]


def _plain(windows: Sequence[Window]) -> list[list[int]]:
    return [[window.calls, window.micros, int(window.aligned), int(window.gap)] for window in windows]


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / SECOND, UTC)
