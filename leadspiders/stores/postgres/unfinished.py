"""Which requests of a run are done, and which are not: worked out from the receipts, without Redis.

A receipt names the requests that its response led to. One that nobody answered, or whose records were not all settled,
is unfinished, and so is every response on the way to it: whoever has lost the queue must ask those again, and no other.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from leadspiders.stores.postgres.pool import Connection

_RUNS = """
SELECT run_id, source, started_at, alive, finished FROM (
  SELECT run_id, source, min(started_at) AS started_at,
         bool_or(status = 'running' AND heartbeat_at > now() - make_interval(secs => %s)) AS alive,
         bool_or(status = 'finished') AS finished
    FROM scraping_logs WHERE campaign = %s AND run_id IS NOT NULL GROUP BY run_id, source) AS crawls
 WHERE EXISTS (SELECT FROM receipts r WHERE r.run_id = crawls.run_id AND r.source = crawls.source) OR NOT finished
 ORDER BY started_at, run_id, source
"""
_RECEIPTS = """
SELECT receipt, cardinality(settled) >= seen, exhausted, children FROM receipts WHERE run_id = %s AND source = %s
"""
# Their place is no receipt but the id that a request has in the queue: the first half and more of its fingerprint.
_GIVEN_UP = "SELECT receipt FROM parked_records WHERE run_id = %s AND source = %s AND stage = 'source'"
_SETTINGS = "SELECT settings FROM runs WHERE run_id = %s"

ALIVE_SECONDS = 10
"""A crawl whose heartbeat is older is gone; the heart beats every 2 seconds."""

WITHOUT_RECORDS = ("delivery",)
"""Spiders that open no receipts: what they work through waits in Postgres already."""


@dataclass(frozen=True, slots=True)
class Response:
    """One receipt: whether all its records are settled, whether it is the response's last, whom it led to."""

    receipt: str
    settled: bool
    exhausted: bool
    children: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Progress:
    """Requests of one source in one run, as fingerprints in hex digits.

    `done` are answered, settled, and so is all they led to; `unsettled` have records without an outcome, or were cut
    off; `unanswered` were announced and never came; `again` must be asked again to get at those two; `given_up` failed
    for good and are parked.
    """

    run_id: str
    source: str
    started_at: datetime | None = None
    alive: bool = False
    finished: bool = False
    done: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to ask or to settle; a crawl that got no answer at all is not complete."""
        return not self.again and not self.unanswered and (self.finished or bool(self.done))


def judge(responses: Iterable[Response], given_up: Iterable[str] = ()) -> dict[str, set[str]]:
    """What of a run is done, from its receipts (`fingerprint.chunk`): the sets of a `Progress`.

    `given_up` are beginnings of fingerprints.
    """
    chunks: dict[str, list[Response]] = defaultdict(list)
    parents: dict[str, set[str]] = defaultdict(set)
    for response in responses:
        own = response.receipt.partition(".")[0]
        chunks[own].append(response)
        for child in response.children:
            parents[child].add(own)
    beginnings = tuple(given_up)
    failed = {own for own in {*parents, *chunks} if beginnings and own.startswith(beginnings)}
    unsettled = {own for own, parts in chunks.items() if not _whole(parts)} - failed
    unanswered = set(parents) - set(chunks) - failed
    again, left = set(unsettled), [*unsettled, *unanswered]
    while left:
        for parent in parents[left.pop()] - again:
            again.add(parent)
            left.append(parent)
    done = set(chunks) - again
    return {"done": done, "unsettled": unsettled, "unanswered": unanswered, "again": again, "given_up": failed}


def _whole(parts: list[Response]) -> bool:
    return all(part.settled for part in parts) and any(part.exhausted for part in parts)


async def progress(connection: Connection, campaign: str, run_id: str | None = None) -> list[Progress]:
    """How far each source of each run of the campaign is, the oldest run first."""
    rows = await (await connection.execute(_RUNS, [ALIVE_SECONDS, campaign])).fetchall()
    found = []
    for its_run, source, started_at, alive, finished in rows:
        if source in WITHOUT_RECORDS or run_id not in {None, its_run}:
            continue
        receipts = await (await connection.execute(_RECEIPTS, [its_run, source])).fetchall()
        given_up = await (await connection.execute(_GIVEN_UP, [its_run, source])).fetchall()
        responses = [
            Response(receipt, settled, exhausted, tuple(child.hex() for child in children))
            for receipt, settled, exhausted, children in receipts
        ]
        settings = await (await connection.execute(_SETTINGS, [its_run])).fetchone()
        found.append(
            Progress(
                run_id=its_run,
                source=source,
                started_at=started_at,
                alive=alive,
                finished=finished,
                arguments=(settings[0] if settings else {}).get(source, {}),
                **judge(responses, [fingerprint for (fingerprint,) in given_up]),
            )
        )
    return found
