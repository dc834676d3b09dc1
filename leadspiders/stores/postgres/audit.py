"""The audit trail in Postgres: one chain for all workers, written in batches, each row after the last of anybody's.

One chain and not one a worker: a chain of its own could be removed whole, with its end, and nobody would miss it. Who
writes holds the lock of the head's row for the few milliseconds of a batch.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from leadspiders.rules.audit_chain import BROKEN, Chain, Entry, Head
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.schema.guard import audit

_ROWS: Final = Rows(audit, key=["number"])
_CHUNK: Final = 5_000
_NAMES: Final = [field.name for field in fields(Entry)]

_BEGIN = """
INSERT INTO audit_head (id, number, hash, dropped_number, dropped_hash, seal) VALUES (1, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
_HEAD = "SELECT number, hash, dropped_number, dropped_hash, seal FROM audit_head"
_SET_HEAD = "UPDATE audit_head SET number = %s, hash = %s, dropped_number = %s, dropped_hash = %s, seal = %s"
_LAST = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
_HASH = "SELECT hash FROM audit WHERE number = %s"
_ONE_SIGHT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
_SELECT = """
SELECT number, at, run_id, campaign, spider, worker, api, purpose, method, url, status, error, bytes, milliseconds,
       credential, subjects, subject_count, headers, hash
  FROM audit WHERE number > %s ORDER BY number LIMIT %s
"""
_FIRST_YOUNG = "SELECT min(number) FROM audit WHERE at >= %s"
_DROP = "DELETE FROM audit WHERE number <= %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it is found."""

    number: int
    entry: Entry
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look at the whole trail came to: `problem` names the first row that is not as it was written.

    `rows` are those that were found whole; `dropped` were removed for their age, by the program.
    """

    rows: int
    head: Head
    problem: str | None = None

    @property
    def dropped(self) -> int:
        """How many rows were removed for their age."""
        return self.head.dropped_number


class AuditTable:
    """Writes for one process. Batches are numbered and linked inside the transaction that writes them."""

    def __init__(self, database: Database, chain: Chain) -> None:
        self._database = database
        self._chain = chain
        self._unsure: tuple[int, bytes] | None = None

    async def append(self, entries: Sequence[Entry]) -> None:
        """Write a batch; to be repeated with the same one after a `StoreError`, even if it was written after all."""
        async with self._database.connection() as connection:
            if self._unsure and await _hash_of(connection, self._unsure[0]) == self._unsure[1]:
                self._unsure = None
                return
            head, whole = await _locked(connection, self._chain)
            number, last, rows = head.number, head.hash, []
            for entry in entries:
                number += 1
                last = self._chain.link(last, number, entry)
                rows.append({"number": number, "hash": last} | {name: getattr(entry, name) for name in _NAMES})
            await _ROWS.insert(connection, rows)
            ended = Head(number=number, hash=last, dropped_number=head.dropped_number, dropped_hash=head.dropped_hash)
            await _set_head(connection, self._chain, ended, whole=whole)
            self._unsure = (number, last)
        self._unsure = None


async def verify(database: Database, chain: Chain, *, known: tuple[int, str] | None = None) -> Verdict:
    """Hold every row against its hash and the row before, and the last against the head.

    `known` is the number and hash (in hex digits) of a row that somebody has noted elsewhere: it has to be there still.
    """
    async with database.connection() as connection:
        await connection.execute(_ONE_SIGHT)
        found = await (await connection.execute(_HEAD)).fetchone()
        if not found:
            last = await (await connection.execute(_LAST)).fetchone()
            problem = "row 1 is there, but no head: the head was removed" if last else None
            return Verdict(rows=0, head=Head(), problem=problem or _unknown(known, Head()))
        head = _head(found)
        number, before, rows, seen = head.dropped_number, head.dropped_hash, 0, False
        async for row in _rows(connection, number):
            problem = _problem(chain, row, number, before, head)
            if problem:
                return Verdict(rows=rows, head=head, problem=problem)
            number, before, rows = row.number, row.hash, rows + 1
            if known and known[0] == number:
                seen = before.hex().startswith(known[1])
                if not seen:
                    return Verdict(rows=rows, head=head, problem=f"row {number} is not the one that was noted")
    problem = None
    if number < head.number:
        problem = f"row {number + 1} is missing, and all after it up to {head.number}"
    elif not chain.sealed(head, found[4]):
        problem = f"the head was changed: rows may be missing, up to or after row {number}"
    elif not seen:
        problem = _unknown(known, head)
    return Verdict(rows=rows, head=head, problem=problem)


async def select_rows(
    database: Database, *, since: datetime | None = None, until: datetime | None = None
) -> AsyncIterator[Row]:
    """The rows of requests made from `since` to before `until`, in the order of the trail."""
    async with database.connection() as connection:
        async for row in _rows(connection, 0):
            if (since is None or row.entry.at >= since) and (until is None or row.entry.at < until):
                yield row


async def drop_before(database: Database, chain: Chain, moment: datetime) -> int:
    """Remove the beginning of the trail, up to the first row that is not older than `moment`; returns how many."""
    async with database.connection() as connection:
        head, whole = await _locked(connection, chain)
        first = await (await connection.execute(_FIRST_YOUNG, [moment])).fetchone()
        last_old = first[0] - 1 if first and first[0] is not None else head.number
        if last_old <= head.dropped_number:
            return 0
        hash_of = await _hash_of(connection, last_old)
        if hash_of is None:
            return 0  # it is missing: what is left is the evidence
        done = await connection.execute(_DROP, [last_old])
        shorter = Head(number=head.number, hash=head.hash, dropped_number=last_old, dropped_hash=hash_of)
        await _set_head(connection, chain, shorter, whole=whole)
    return done.rowcount


async def _locked(connection: Connection, chain: Chain) -> tuple[Head, bool]:
    """The head, ours until the end of the transaction, and whether its seal is whole."""
    found = await (await connection.execute(f"{_HEAD} FOR UPDATE")).fetchone()
    if not found:
        last = await (await connection.execute(_LAST)).fetchone()  # of a head that somebody removed
        new = Head(number=last[0], hash=last[1]) if last else Head()
        await _set_head(connection, chain, new, whole=not last, statement=_BEGIN)
        found = await (await connection.execute(f"{_HEAD} FOR UPDATE")).fetchone()
    assert found
    head = _head(found)
    return head, chain.sealed(head, found[4])


async def _set_head(
    connection: Connection, chain: Chain, head: Head, *, whole: bool, statement: str = _SET_HEAD
) -> None:
    """A head that somebody else changed is never sealed again, or the next batch would hide it."""
    seal = chain.seal(head) if whole else BROKEN
    await connection.execute(statement, [head.number, head.hash, head.dropped_number, head.dropped_hash, seal])


async def _hash_of(connection: Connection, number: int) -> bytes | None:
    found = await (await connection.execute(_HASH, [number])).fetchone()
    return found[0] if found else None


async def _rows(connection: Connection, after: int) -> AsyncIterator[Row]:
    while True:
        found = await (await connection.execute(_SELECT, [after, _CHUNK])).fetchall()
        for number, *values, hash_of in found:
            yield Row(number=number, entry=Entry(**dict(zip(_NAMES, values, strict=True))), hash=hash_of)
        if len(found) < _CHUNK:
            return
        after = found[-1][0]


def _problem(chain: Chain, row: Row, number: int, before: bytes, head: Head) -> str | None:
    if row.number != number + 1:
        return f"row {number + 1} is missing"
    if row.number > head.number:
        return f"row {row.number} was inserted: the trail ends at row {head.number}"
    if chain.link(before, row.number, row.entry) != row.hash:
        return f"row {row.number} was changed or inserted, or the one before it was"
    if row.number == head.number and row.hash != head.hash:
        return f"row {row.number} is not the one that the trail ends with"
    return None


def _unknown(known: tuple[int, str] | None, head: Head) -> str | None:
    if known and known[0] > head.dropped_number:
        return f"row {known[0]}, which was noted, is not there any more"
    if known and known[0] == head.dropped_number and not head.dropped_hash.hex().startswith(known[1]):
        return f"row {known[0]} is not the one that was noted"
    return None


def _head(found: tuple[Any, ...]) -> Head:
    number, hash_of, dropped_number, dropped_hash, _ = found
    return Head(number=number, hash=bytes(hash_of), dropped_number=dropped_number, dropped_hash=bytes(dropped_hash))
