"""The opt-out list: keyed hashes only, so that it can be kept for good without keeping anybody's data.

Who is on it leaves every list of leads in the same transaction. Writers of leads hold the lock shared until they have
committed: a lead is written before the opt-out, and found by it, or after it, and finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from leadspiders.rules.suppression import SHARED
from leadspiders.stores.postgres.hash_array import HashArray
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.retried import retried
from leadspiders.stores.postgres.stored_traits import written

LOT = 5_000
"""Entries added in one transaction: writers of leads wait for it."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('leadspiders opt-outs', 0))"
_LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended('leadspiders opt-outs', 0))"
# Thousands of traits are looked for among arrays: row by row, in whatever order, that takes seconds.
_BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"  # bitmaps are left
_LISTED = "SELECT hash FROM suppressions WHERE hash = ANY(%s)"
_ENTRY = "SELECT kind, reason, added_at FROM suppressions WHERE hash = %s"
# Who names a trait again stands by it: it no longer goes with the one it was derived from.
_ADD = """
INSERT INTO suppressions (hash, kind, reason, derived_from)
SELECT * FROM unnest(%s::bytea[], %s::text[], %s::text[], %s::bytea[])
ON CONFLICT (hash) DO UPDATE SET derived_from = NULL
 WHERE suppressions.derived_from IS NOT NULL AND excluded.derived_from IS NULL
RETURNING xmax = 0
"""
# One index scan a key: an OR over several indexes is planned as a scan of the whole table once statistics are old.
_PEOPLE = """
SELECT id, linkedin_key AS named FROM contacts WHERE linkedin_key = ANY(%(hashes)s)
UNION SELECT id, email_key FROM contacts WHERE email_key = ANY(%(hashes)s)
UNION SELECT id, email_hash FROM contacts
 WHERE email_hash = ANY(%(hashes)s) AND email_hash IS NOT NULL AND email_key IS NULL
UNION SELECT id, provider_key FROM contacts WHERE provider_key = ANY(%(hashes)s)
UNION SELECT c.id, decode(split_part(t, ':', 2), 'hex') FROM contacts c, unnest(c.traits) AS t
 WHERE c.traits && %(own)s::text[] AND t = ANY(%(own)s::text[])
"""
# A switchboard and a domain are many people's: who works elsewhere tomorrow has not asked.
_SHARERS = """
SELECT id FROM contacts WHERE phone_hash = ANY(%(hashes)s)
UNION SELECT id FROM contacts WHERE email_domain_key = ANY(%(hashes)s)
UNION SELECT id FROM contacts WHERE traits && %(shared)s::text[]
"""
_COMPANIES = """
SELECT id FROM companies WHERE domain_key = ANY(%(hashes)s)
UNION SELECT id FROM companies WHERE traits && %(shared)s::text[]
"""
# Somebody who is known under several traits asked once.
_TRAITS = """
SELECT DISTINCT ON (hash) hash, kind, named FROM unnest(%s::uuid[], %s::bytea[]) AS asked (id, named)
  JOIN contacts c ON c.id = asked.id,
       LATERAL (VALUES ('linkedin', c.linkedin_key), ('email', c.email_hash), ('provider', c.provider_key) UNION ALL
                SELECT split_part(t, ':', 1), decode(split_part(t, ':', 2), 'hex') FROM unnest(c.traits) AS t)
               AS traits (kind, hash)
 WHERE hash IS NOT NULL AND kind <> ALL(%s::text[]) ORDER BY hash, named
"""
_STAFF = "SELECT id FROM contacts WHERE company_id = ANY(%s)"
_SUPPRESS = """
UPDATE prospects SET lead_state = 'suppressed', is_qualified = false, updated_at = now()
 WHERE lead_id = ANY(%s) AND lead_state <> 'suppressed'
"""
# The external id stays: what was sent earlier has to be found again. What is under way ends by itself.
_CALL_OFF = """
UPDATE outbox SET state = 'suppressed', attempts = 0, last_error = NULL, retry_at = NULL, updated_at = now()
 WHERE lead_id = ANY(%s) AND state IN ('pending', 'failed', 'dead')
"""
_REMOVE = "DELETE FROM suppressions WHERE hash = ANY(%(hashes)s) OR derived_from = ANY(%(hashes)s) RETURNING hash"
_COUNTS = """
SELECT kind, reason, count(*), min(added_at), max(added_at) FROM suppressions
 GROUP BY kind, reason ORDER BY kind, reason
"""


class Entry(NamedTuple):
    """One opt-out: what kind of trait it names, why, and since when."""

    kind: str
    reason: str
    added_at: datetime


class Added(NamedTuple):
    """What an opt-out did: entries that were not on the list yet, and leads that left the campaigns."""

    entries: int
    leads: int


class Count(NamedTuple):
    """Opt-outs of one kind and reason."""

    kind: str
    reason: str
    entries: int
    first: datetime
    last: datetime


async def listed(database: Database, hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the hashes that are on the list."""
    wanted = set(hashes)
    if not wanted:
        return wanted
    async with database.connection() as connection:
        return await _listed(connection, wanted)


async def listed_until_commit(connection: Connection, hashes: Iterable[bytes]) -> set[bytes]:
    """The same within the transaction of a writer; who is added meanwhile waits until it has ended.

    To be asked before the writer changes prospects: an opt-out locks those after the list.
    """
    await no_optout_until_commit(connection)
    return await _listed(connection, hashes)


async def no_optout_until_commit(connection: Connection) -> None:
    """Nobody is added until the end of the transaction."""
    await connection.execute(_LOCK_SHARED)


async def writers_wait(connection: Connection) -> None:
    """Until the end of the transaction nobody writes what leads are made of: for who changes prospects alone."""
    await connection.execute(_LOCK)


async def entry(database: Database, hash_: bytes) -> Entry | None:
    """The opt-out of a trait, if there is one."""
    async with database.connection() as connection:
        row = await (await connection.execute(_ENTRY, [hash_])).fetchone()
    return Entry(*row) if row else None


async def add(database: Database, entries: Iterable[tuple[str, bytes]], *, reason: str) -> Added:
    """Put `(kind, hash)` on the list, and whoever is stored under one of them out of all campaigns; lots of `LOT` are
    durable one after the other, and all of it may be added again.

    The other traits by which these people are known are listed too: their next record may come without the one that
    they named. An entry that is there keeps its first reason.
    """
    given = {hash_: kind for kind, hash_ in entries}
    added, rest = Added(0, 0), iter(given.items())
    while lot := dict(islice(rest, LOT)):
        new, left = await _add_lot(database, lot, given, reason)
        added = Added(added.entries + new, added.leads + left)
    return added


async def remove(database: Database, hashes: Iterable[bytes]) -> set[bytes]:
    """Take hashes off the list, and what was listed because of them; returns those that were on it themselves.

    Leads come back when their records come again.
    """
    wanted = set(hashes)

    async def work() -> set[bytes]:
        async with database.connection() as connection:
            rows = await (await connection.execute(_REMOVE, {"hashes": HashArray(wanted)})).fetchall()
        return wanted & {bytes(row[0]) for row in rows}

    return await retried(work)


async def suppress_leads(connection: Connection, leads: Iterable[UUID], *, companies: Iterable[UUID] = ()) -> int:
    """Take leads out of all campaigns, and `companies` with their people; returns how many were in one.

    Within a transaction that holds the list, so that nobody writes them anew meanwhile.
    """
    firms = list(companies)
    ids = {*leads, *firms, *(await _ids(connection, _STAFF, [firms]) if firms else ())}
    if not ids:
        return 0
    left = (await connection.execute(_SUPPRESS, [sorted(ids)])).rowcount
    await connection.execute(_CALL_OFF, [sorted(ids)])
    return left


async def counts(database: Database) -> list[Count]:
    """How many there are, by kind and reason."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_COUNTS)).fetchall()
    return [Count(*row) for row in rows]


async def _add_lot(
    database: Database, lot: Mapping[bytes, str], given: Mapping[bytes, str], reason: str
) -> tuple[int, int]:
    """One transaction; `given` is what the other lots are of, too."""
    values = {
        "hashes": HashArray(lot),
        "shared": [written(kind, hash_) for hash_, kind in lot.items() if kind in SHARED],
        "own": [written(kind, hash_) for hash_, kind in lot.items() if kind not in SHARED],
    }

    async def work() -> tuple[int, int]:
        async with database.connection() as connection:
            await writers_wait(connection)
            await connection.execute(_BY_INDEX)
            asked = await (await connection.execute(_PEOPLE, values)).fetchall()
            people = [row[0] for row in asked]
            sharers = await _ids(connection, _SHARERS, values)
            companies = await _ids(connection, _COMPANIES, values)
            known_by = [people, [row[1] for row in asked], list(SHARED)]
            traits = await (await connection.execute(_TRAITS, known_by)).fetchall()
            derived = [
                (hash_, kind, f"{reason}, same person", by) for hash_, kind, by in traits if bytes(hash_) not in given
            ]
            new = await _add(connection, [(hash_, kind, reason, None) for hash_, kind in lot.items()])
            new += await _add(connection, derived)
            return new, await suppress_leads(connection, [*people, *sharers], companies=companies)

    return await retried(work)


async def _listed(connection: Connection, hashes: Iterable[bytes]) -> set[bytes]:
    rows = await (await connection.execute(_LISTED, [HashArray(set(hashes))])).fetchall()
    return {bytes(row[0]) for row in rows}


async def _ids(connection: Connection, query: str, values: Mapping[str, object] | Sequence[object]) -> list[UUID]:
    rows = await (await connection.execute(query, values)).fetchall()
    return [row[0] for row in rows]


async def _add(connection: Connection, entries: Sequence[tuple[bytes, str, str, bytes | None]]) -> int:
    """`(hash, kind, reason, derived from)` each; returns how many were not there. In one order, so none deadlock."""
    if not entries:
        return 0
    columns = [list(column) for column in zip(*sorted(entries, key=lambda entry: entry[0]), strict=True)]
    rows = await (await connection.execute(_ADD, columns)).fetchall()
    return sum(bool(row[0]) for row in rows)
