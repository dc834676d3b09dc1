"""The only one who writes leads: a batch of records and what became of each, in one transaction.

One bad record is found by halving and parked with its reason while the rest is stored. When Postgres is away or two
writers block each other, the whole batch is tried again: a record that was counted before the connection broke is not
counted twice, since its place on the receipt is taken.

What needs no database is done before: while one batch is with Postgres the next is made ready, and may be written at
the same time as far as the two have nothing in common.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.errors import UniqueViolation

from leadspiders.errors import StoreError
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.market_cell import MarketCell
from leadspiders.stores.postgres.doubtful import recognized
from leadspiders.stores.postgres.drafts import Draft, Drafter
from leadspiders.stores.postgres.employer_scores import Judgment
from leadspiders.stores.postgres.failures import reason
from leadspiders.stores.postgres.ids import new_id
from leadspiders.stores.postgres.leads_batch import LeadsBatch
from leadspiders.stores.postgres.market_cells import cell_key, write_cells
from leadspiders.stores.postgres.outcomes import Outcome, Refusal
from leadspiders.stores.postgres.parked import Parked, park
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.receipts import note
from leadspiders.stores.postgres.retried import retried
from leadspiders.stores.postgres.rows import KeyedHash
from leadspiders.stores.postgres.turns import Keys, Turns
from leadspiders.stores.postgres.unparking import unpark

__all__ = ["Outcome", "Record", "Refusal", "Writer"]

log = logging.getLogger(__name__)

Record = Contact | Company | MarketCell | Refusal
Drafted = Draft | MarketCell | Parked | None
R = TypeVar("R", bound=Draft | MarketCell)
Write = Callable[..., Awaitable[list[Outcome]]]

PLANS = 4  # a plan fails only when another writer added one of its keys meanwhile, which the next plan sees

DOUBT_SECONDS = 300.0  # so long after a try that broke off, records are looked for by their place as well

# Classes of SQLSTATE: data, integrity, and a value too long for an index.
_RECORDS_FAULT = ("22", "23", "54")


class Writer:
    """One a process. `deliver` names the destinations that should have a lead in its present state; `judgment` is there
    where the people found at an employer change what it is worth."""

    def __init__(
        self,
        database: Database,
        *,
        campaign: str,
        run_id: str,
        keyed_hash: KeyedHash,
        deliver: Callable[[Contact | Company], Sequence[str]],
        judgment: Judgment | None = None,
    ) -> None:
        self._database = database
        self._campaign = campaign
        self._leads = LeadsBatch(
            campaign=campaign, run_id=run_id, keyed_hash=keyed_hash, deliver=deliver, judgment=judgment
        )
        self._turns = Turns()
        self._broken_off: tuple[UUID, float] | None = None  # an id from before the first such try, and when the last

    async def write(self, batch: Sequence[Record]) -> list[Outcome | StoreError]:
        """Store, merge or count each record; returns what became of each, in order, once it is durable.

        Raises `StoreError` when Postgres stays away: nothing of the batch is stored then, and it may be tried again.
        Where it goes away after a part was stored, the error stands in place of the other records' outcomes.
        """
        if not batch:
            return []
        drafter = self._leads.drafter()
        drafts = [_drafted(drafter, record) for record in batch]
        keys = [_keys(one) for one in drafts]
        outcomes: dict[int, Outcome | StoreError] = {}
        before = new_id()
        for places in filter(None, self._turns.split(keys)):
            some = [batch[place] for place in places], [drafts[place] for place in places]
            try:
                async with self._turns.turn([keys[place] for place in places]):
                    outcomes |= zip(places, await self._written(before, *some), strict=True)
            except StoreError as error:
                if not outcomes:
                    raise
                outcomes |= dict.fromkeys(places, error)
        return [outcomes[place] for place in range(len(batch))]

    async def _written(self, before: UUID, batch: Sequence[Record], drafts: Sequence[Drafted]) -> list[Outcome]:
        try:
            return await retried(lambda: self._try(before, batch, drafts))
        except psycopg.Error as error:
            raise StoreError(
                f"Postgres did not take {len(batch)} records ({reason(error)}): they wait to be tried again"
            ) from error

    async def _try(self, before: UUID, batch: Sequence[Record], drafts: Sequence[Drafted]) -> list[Outcome]:
        """One try. Of one that breaks off nobody knows whether its COMMIT went through: the next ones look for rows
        younger than the id `before`."""
        if self._broken_off and time.monotonic() - self._broken_off[1] > DOUBT_SECONDS:
            self._broken_off = None
        try:
            return await self._write(batch, drafts)
        except BaseException:
            first = min(before, self._broken_off[0]) if self._broken_off else before  # another batch's may be younger
            self._broken_off = first, time.monotonic()
            raise

    async def _write(self, batch: Sequence[Record], drafts: Sequence[Drafted]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        parked = [one for one in drafts if isinstance(one, Parked)]
        async with self._database.connection() as connection:
            kinds: tuple[tuple[type, Write], ...] = ((Draft, self._leads.write), (MarketCell, _write_cells))
            for kind, write in kinds:
                places = [place for place, one in enumerate(drafts) if isinstance(one, kind)]
                records: Any = [drafts[place] for place in places]
                if self._broken_off and kind is Draft:
                    records = await recognized(connection, records, self._broken_off[0])
                outcomes |= zip(places, await _halving(connection, write, records, parked), strict=True)
            for place, (record, one) in enumerate(zip(batch, drafts, strict=True)):
                if isinstance(record, Refusal):
                    outcomes[place] = Outcome(kind=record.outcome, reason=record.reason)
                elif isinstance(one, Parked):
                    outcomes[place] = Outcome(kind="parked", reason=one.reason)
            notes = _notes(batch, outcomes)
            counted = await note(connection, self._campaign, notes)
            counted |= await unpark(connection, notes, counted)
            await park(connection, self._campaign, [one for one in parked if one.place is None or one.place in counted])
        return [outcomes[place] for place in range(len(batch))]


def _keys(one: Drafted) -> Keys:
    if isinstance(one, Draft):
        return one.keys()
    return (cell_key(one),) if isinstance(one, MarketCell) else ()


def _drafted(drafter: Drafter, record: Record) -> Drafted:
    """What is written of a record: nothing of a refusal, and a parked one where a rule breaks at its values."""
    if isinstance(record, Refusal):
        if record.outcome != "parked":
            return None
        return Parked(origin=record.origin, stage=record.stage, reason=record.reason, payload=record.payload)
    if isinstance(record, MarketCell):
        return record
    try:
        return drafter.draft(record)
    except Exception as error:  # noqa: BLE001  one record's values must not cost the others their place
        log.warning("A record cannot become a row (%s): it is parked", type(error).__name__)
        reason = _named("error", error)
        return Parked(origin=record.origin, stage="store", reason=reason, payload=record)


async def _halving(connection: Connection, write: Write, records: Sequence[R], parked: list[Parked]) -> list[Outcome]:
    """Write all of the records, or each half of them by itself, down to the one that Postgres refuses."""
    if not records:
        return []
    try:
        return await _planning(connection, write, records)
    except StoreError:
        raise
    except Exception as error:  # a value that Postgres does not take, or that breaks a rule beside what is stored
        if isinstance(error, psycopg.Error) and not _records_fault(error):
            raise
        if len(records) == 1:
            reason = _named("database" if isinstance(error, psycopg.Error) else "error", error)
            record = records[0]
            item = record.lead if isinstance(record, Draft) else record
            parked.append(Parked(origin=item.origin, stage="store", reason=reason, payload=item))
            return [Outcome(kind="parked", reason=reason)]
    middle = len(records) // 2
    first = await _halving(connection, write, records[:middle], parked)
    return first + await _halving(connection, write, records[middle:], parked)


async def _planning(connection: Connection, write: Write, records: Sequence[R]) -> list[Outcome]:
    """Trusting at first; try again, from the look-up on, when a key turns out to be stored already."""
    for left in reversed(range(PLANS)):
        try:
            async with connection.transaction():
                return await write(connection, records, trusting=left == PLANS - 1)
        except UniqueViolation:
            if not left:
                raise
    raise AssertionError("unreachable")


async def _write_cells(connection: Connection, cells: Sequence[MarketCell], **_: bool) -> list[Outcome]:
    return [Outcome(kind="stored" if new else "merged") for new in await write_cells(connection, cells)]


def _named(kind: str, error: Exception) -> str:
    """`database-numeric-value-out-of-range`, `error-type-error`."""
    return f"{kind}-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


def _notes(batch: Sequence[Record], outcomes: dict[int, Outcome]) -> dict[tuple[str, str, str], dict[int, str]]:
    notes: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for place, record in enumerate(batch):
        if origin := record.origin:
            notes[origin.run_id, origin.receipt, origin.source][origin.index] = outcomes[place].count
    return notes


def _records_fault(error: psycopg.Error) -> bool:
    if error.sqlstate is None:  # psycopg's own: a value of a type that no column takes
        return isinstance(error, psycopg.DataError | psycopg.ProgrammingError)
    return error.sqlstate.startswith(_RECORDS_FAULT)
