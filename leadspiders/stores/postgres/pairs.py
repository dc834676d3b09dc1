"""The review list: pairs of stored rows that may be one company or person, and what people decided of them.

A pair is noted once. Who is kept apart stays so, also when the same doubt arises again; who is merged is one row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, cast
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.errors import ArgumentError
from leadspiders.items.scores import Scores
from leadspiders.stores.postgres.copying import Rows
from leadspiders.stores.postgres.drafts import Lead
from leadspiders.stores.postgres.entries import Doubt
from leadspiders.stores.postgres.fold import fold_companies, fold_contacts
from leadspiders.stores.postgres.judging import judge_again
from leadspiders.stores.postgres.kind import Kind, T
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.retried import retried
from leadspiders.stores.postgres.rows import ORIGIN, KeyedHash, Row, shown
from leadspiders.stores.postgres.schema.leads import companies, contacts
from leadspiders.stores.postgres.stored_traits import lasting_traits, other_traits, stored_traits
from leadspiders.stores.postgres.suppressions import listed_until_commit, no_optout_until_commit, suppress_leads

Relation = Literal["companies", "contacts"]

_NOTE = """
INSERT INTO pairs (relation, one, other, ground, likeness) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (one, other) DO NOTHING
"""
_SIDE = {
    "companies": "SELECT id, name, domain, uei, cage, ein, street, city, state, source, collected_at FROM companies",
    "contacts": "SELECT c.id, c.full_name AS name, c.title, f.name AS company, c.city, c.state, c.linkedin_url,"
    " c.email, c.source, c.collected_at FROM contacts c LEFT JOIN companies f ON f.id = c.company_id",
}
# Of a campaign: one of the two is its lead, or the employer of one.
_OPEN = """
SELECT id, relation, one, other, ground, likeness, found_at FROM pairs
 WHERE state = 'open' AND (
   EXISTS (SELECT FROM prospects p WHERE p.campaign = %(campaign)s AND p.lead_id IN (one, other))
   OR EXISTS (SELECT FROM contacts c JOIN prospects p ON p.contact_id = c.id
               WHERE p.campaign = %(campaign)s AND c.company_id IN (one, other)))
 ORDER BY likeness DESC, id LIMIT %(limit)s
"""
_DECIDED = "SELECT one, other FROM pairs WHERE state = 'apart' AND one = ANY(%(ids)s) AND other = ANY(%(ids)s)"
_TAKE = "SELECT relation, one, other, state FROM pairs WHERE id = %s FOR UPDATE"
_AT = "SELECT id FROM contacts WHERE company_id = %s"
_APART = "UPDATE pairs SET state = 'apart', decided_at = now() WHERE id = %s"


async def note_pairs(connection: Connection, relation: Relation, doubts: Iterable[Doubt[T]]) -> None:
    """Add pairs to the list; one that is there stays as it was decided."""
    rows = [(relation, *one.ids(), one.verdict.why, one.verdict.likeness) for one in doubts]
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(_NOTE, rows)


async def kept_apart(connection: Connection, ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Pairs among these rows of which people have said that they are two."""
    if len(ids) < 2:
        return []
    return await (await connection.execute(_DECIDED, {"ids": list(ids)})).fetchall()


async def open_pairs(database: Database, campaign: str, limit: int) -> list[dict[str, Any]]:
    """Undecided pairs of a campaign with both sides, the most alike first."""
    async with database.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_OPEN, {"campaign": campaign, "limit": limit})
        pairs = await cursor.fetchall()
        for relation, query in _SIDE.items():
            mine = [pair for pair in pairs if pair["relation"] == relation]
            ids = [pair[side] for pair in mine for side in ("one", "other")]
            prefix = "c." if relation == "contacts" else ""
            await cursor.execute(f"{query} WHERE {prefix}id = ANY(%s)", [ids])
            sides = {row["id"]: shown(connection, relation, row) for row in await cursor.fetchall()}
            for pair in mine:
                pair["one"], pair["other"] = sides.get(pair["one"]), sides.get(pair["other"])
    return [pair for pair in pairs if pair["one"] and pair["other"]]


async def keep_apart(database: Database, pair: int) -> None:
    """Remember that the two of a pair are two; raises `ArgumentError` when there is no such pair."""
    async with database.connection() as connection:
        await _taken(connection, pair)
        await connection.execute(_APART, [pair])


async def merge_pair(
    database: Database, pair: int, keyed_hash: KeyedHash, scores: Mapping[str, Callable[[Lead], Scores]]
) -> tuple[UUID, UUID]:
    """Make one row of the two, as if a record had tied them: the older id stays. Returns the ids kept and gone.

    The leads of it are scored by their campaigns and wait for their destinations again; where one of the two had opted
    out, both have. Cannot be undone: the row that goes is remembered by its id only. Raises `ArgumentError` when there
    is no such pair, or the two are kept apart.
    """

    async def work() -> tuple[UUID, UUID]:
        async with database.connection() as connection:
            await no_optout_until_commit(connection)
            return await _merged(connection, pair, keyed_hash, scores)

    return await retried(work)


async def _merged(
    connection: Connection, pair: int, keyed_hash: KeyedHash, scores: Mapping[str, Callable[[Lead], Scores]]
) -> tuple[UUID, UUID]:
    relation, kept, gone, state = await _taken(connection, pair)
    if state == "apart":
        raise ArgumentError(f"pair {pair} was decided to be two: nothing is merged")
    wanted = [{"id": kept}, {"id": gone}]
    if relation == "companies":
        found = await find_companies(connection, wanted, lock=True)
        row = _united(company_kind(keyed_hash), found, pair, keyed_hash)
        await fold_companies(connection, [(kept, gone)])
        await Rows(companies, key=("id",), fixed=ORIGIN).update(connection, [row])
        leads, asked = [kept, *await _people(connection, kept)], [*found, row]
    else:
        found = await find_contacts(connection, wanted, lock=True)
        row = _united(contact_kind(keyed_hash), found, pair, keyed_hash)
        await fold_contacts(connection, [(kept, gone)])
        await Rows(contacts, key=("id",), fixed=ORIGIN).update(connection, [row])
        leads = [kept]
        asked = [*found, row, *await find_companies(connection, [{"id": row["company_id"]}], lock=False)]
    if await listed_until_commit(connection, set().union(*map(stored_traits, asked))):
        await suppress_leads(connection, leads)
    await judge_again(connection, leads, scores, keyed_hash)
    return kept, gone


async def _people(connection: Connection, company: UUID) -> list[UUID]:
    rows = await (await connection.execute(_AT, [company])).fetchall()
    return [id_ for (id_,) in rows]


async def _taken(connection: Connection, pair: int) -> tuple[Relation, UUID, UUID, str]:
    found = await (await connection.execute(_TAKE, [pair])).fetchone()
    if found is None:
        raise ArgumentError(f"there is no pair {pair}: scrapy review CAMPAIGN lists the open ones")
    relation, one, other, state = found
    return cast("Relation", relation), one, other, state


def _united(kind: Kind[T], found: list[Row], pair: int, keyed_hash: KeyedHash) -> Row:
    if len(found) != 2:
        raise ArgumentError(f"a side of pair {pair} is gone: there is nothing to merge")
    stays, goes = found
    into, other = kind.to_item(stays), kind.to_item(goes)
    kind.merge(into, other)
    row = stays | kind.to_row(into)
    for key in kind.shared:
        if stays[key] is None and goes[key] is None:
            row[key] = None  # a third row has it
    known_by = other_traits(row, keyed_hash, lasting_traits(stays) | lasting_traits(goes))
    return row | {"block_key": row["block_key"] or stays["block_key"], "traits": known_by}
