"""The opt-out list: keyed hashes only, so that it can be kept for good without keeping anybody's data.

Who is on it leaves every list of leads in the same transaction. Writers of leads hold the lock shared until they have
committed: a lead is written before the opt-out, and found by it, or after it, and finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadspiders.stores.postgres.hash_array import HashArray
from leadspiders.stores.postgres.pool import Connection, Database

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('leadspiders opt-outs', 0))"
_LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended('leadspiders opt-outs', 0))"
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
"""
# A switchboard and a domain are many people's: who works elsewhere tomorrow has not asked.
_SHARERS = """
SELECT id FROM contacts WHERE phone_hash = ANY(%(hashes)s)
UNION SELECT id FROM contacts WHERE email_domain_key = ANY(%(hashes)s)
UNION SELECT c.id FROM companies f JOIN contacts c ON c.company_id = f.id WHERE f.domain_key = ANY(%(hashes)s)
"""
_COMPANIES = "SELECT id FROM companies WHERE domain_key = ANY(%s)"
# Somebody who is known under several traits asked once.
_TRAITS = """
SELECT DISTINCT ON (hash) hash, kind, named FROM unnest(%s::uuid[], %s::bytea[]) AS asked (id, named)
  JOIN contacts c ON c.id = asked.id,
       LATERAL (VALUES ('linkedin', c.linkedin_key), ('email', c.email_hash), ('provider', c.provider_key))
               AS traits (kind, hash)
 WHERE hash IS NOT NULL ORDER BY hash, named
"""
_SUPPRESS = """
UPDATE prospects SET lead_state = 'suppressed', is_qualified = false, updated_at = now()
 WHERE lead_id = ANY(%s) AND lead_state <> 'suppressed'
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
    """The same within the transaction of a writer; who is added meanwhile waits until it has ended."""
    await connection.execute(_LOCK_SHARED)
    return await _listed(connection, hashes)


async def entry(database: Database, hash_: bytes) -> Entry | None:
    """The opt-out of a trait, if there is one."""
    async with database.connection() as connection:
        row = await (await connection.execute(_ENTRY, [hash_])).fetchone()
    return Entry(*row) if row else None


async def add(database: Database, entries: Iterable[tuple[str, bytes]], *, reason: str) -> Added:
    """Put `(kind, hash)` on the list, and whoever is stored under one of them out of all campaigns.

    The other traits by which these people are known are listed too: their next record may come without the one that
    they named. An entry that is there keeps its first reason.
    """
    given = {hash_: kind for kind, hash_ in entries}
    values = {"hashes": list(given)}
    async with database.connection() as connection:
        await connection.execute(_LOCK)
        asked = await (await connection.execute(_PEOPLE, values)).fetchall()
        people = [row[0] for row in asked]
        sharers = await _ids(connection, _SHARERS, values)
        companies = await _ids(connection, _COMPANIES, [[hash_ for hash_, kind in given.items() if kind == "domain"]])
        traits = await (await connection.execute(_TRAITS, [people, [row[1] for row in asked]])).fetchall()
        derived = [
            (hash_, kind, f"{reason}, same person", named) for hash_, kind, named in traits if hash_ not in given
        ]
        added = await _add(connection, [(hash_, kind, reason, None) for hash_, kind in given.items()])
        added += await _add(connection, derived)
        left = (await connection.execute(_SUPPRESS, [[*people, *sharers, *companies]])).rowcount
    return Added(added, left)


async def remove(database: Database, hashes: Iterable[bytes]) -> set[bytes]:
    """Take hashes off the list, and what was listed because of them; returns those that were on it themselves.

    Leads come back when their records come again.
    """
    wanted = set(hashes)
    async with database.connection() as connection:
        rows = await (await connection.execute(_REMOVE, {"hashes": list(wanted)})).fetchall()
    return wanted & {bytes(row[0]) for row in rows}


async def counts(database: Database) -> list[Count]:
    """How many there are, by kind and reason."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_COUNTS)).fetchall()
    return [Count(*row) for row in rows]


async def _listed(connection: Connection, hashes: Iterable[bytes]) -> set[bytes]:
    rows = await (await connection.execute(_LISTED, [HashArray(set(hashes))])).fetchall()
    return {bytes(row[0]) for row in rows}


async def _ids(connection: Connection, query: str, values: Mapping[str, object] | Sequence[object]) -> list[object]:
    rows = await (await connection.execute(query, values)).fetchall()
    return [row[0] for row in rows]


async def _add(connection: Connection, entries: Sequence[tuple[bytes, str, str, bytes | None]]) -> int:
    """`(hash, kind, reason, derived from)` each; returns how many were not there. In one order, so none deadlock."""
    if not entries:
        return 0
    columns = [list(column) for column in zip(*sorted(entries, key=lambda entry: entry[0]), strict=True)]
    rows = await (await connection.execute(_ADD, columns)).fetchall()
    return sum(bool(row[0]) for row in rows)
