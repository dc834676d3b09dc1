"""All that is stored of one lead or company: the rows, what it is worth in each campaign, where it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.rules.extras import BOUGHT_AS
from leadspiders.stores.postgres.pool import Connection, Database
from leadspiders.stores.postgres.prospects import read_scores
from leadspiders.stores.postgres.rows import KeyedHash, Row, opened, read_company, read_contact

MOST = 10
"""People told of one key: a phone may be a switchboard."""

_CONTACTS_BY = {
    "id": "SELECT id FROM contacts WHERE id = %(id)s",
    "linkedin": "SELECT id FROM contacts WHERE linkedin_key = %(hash)s",
    # Two scans of one index each: see the partial index of addresses that are no key.
    "email": "SELECT id FROM contacts WHERE email_key = %(hash)s UNION"
    " SELECT id FROM contacts WHERE email_hash = %(hash)s AND email_key IS NULL",
    "phone": "SELECT id FROM contacts WHERE phone_hash = %(hash)s",
    "provider": "SELECT id FROM contacts WHERE provider_key = %(hash)s",
}
_COMPANIES_BY = {
    "id": "SELECT id FROM companies WHERE id = %(id)s",
    "uei": "SELECT id FROM companies WHERE uei = %(value)s",
    "domain": "SELECT id FROM companies WHERE domain_key = %(hash)s",
    "provider": "SELECT id FROM companies WHERE provider_key = %(hash)s",
    "company-linkedin": "SELECT id FROM companies WHERE linkedin_url = %(value)s",
}
_CONTACTS = "SELECT * FROM contacts WHERE id = ANY(%s) ORDER BY created_at, id"
_COMPANY = "SELECT * FROM companies WHERE id = ANY(%s)"
_PEOPLE = "SELECT id, title FROM contacts WHERE company_id = %s ORDER BY created_at, id LIMIT 100"
_STANDINGS = "SELECT * FROM prospects WHERE lead_id = %s ORDER BY campaign"
_SENT = """
SELECT campaign, destination, state, attempts, external_id, other_ids, last_error, sent_at
  FROM outbox WHERE lead_id = %s ORDER BY campaign, destination
"""
_SPENT = """
SELECT provider, state, sum(credits)::float AS credits, sum(usd)::float AS usd, max(reserved_at) AS at FROM spend
 WHERE campaign = %s AND lead = ANY(%s) AND state <> 'void' GROUP BY provider, state ORDER BY provider, state
"""


@dataclass(slots=True, kw_only=True)
class Standing:
    """A lead in one campaign: how far it is, what it is worth there, what was paid for it there."""

    campaign: str
    state: str
    scores: Scores | None
    created_at: datetime
    updated_at: datetime
    spent: list[Row] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Dossier:
    """One lead: a person with a company, or a company with the titles of its people."""

    contact: Contact | None
    company: Company
    titles: list[str]
    standings: list[Standing]
    deliveries: list[Row]
    created_at: datetime


async def dossiers(database: Database, kind: str, value: str, keyed_hash: KeyedHash) -> list[Dossier]:
    """Those whom a key names, `MOST` at the most; `kind` as in `rules.lookup_key`."""
    values = {"id": UUID(value) if kind == "id" else None, "value": value, "hash": keyed_hash(kind, value)}
    async with database.connection() as connection:
        people = await _ids(connection, _CONTACTS_BY.get(kind), values)
        if people:
            rows = opened(connection, "contacts", await _rows(connection, _CONTACTS, [people[:MOST]]))
            return [await _person(connection, row, keyed_hash) for row in rows]
        companies = await _ids(connection, _COMPANIES_BY.get(kind), values)
        rows = opened(connection, "companies", await _rows(connection, _COMPANY, [companies[:MOST]]))
        return [await _company(connection, row, keyed_hash) for row in rows]


async def _person(connection: Connection, row: Row, keyed_hash: KeyedHash) -> Dossier:
    employers = opened(connection, "companies", await _rows(connection, _COMPANY, [[row["company_id"]]]))
    company = read_company(employers[0]) if employers else Company()
    contact = read_contact(row, company)
    standings = await _standings(connection, contact, keyed_hash)
    return Dossier(
        contact=contact,
        company=company,
        titles=await _titles(connection, company.id),
        standings=standings,
        deliveries=await _rows(connection, _SENT, [row["id"]]),
        created_at=row["created_at"],
    )


async def _company(connection: Connection, row: Row, keyed_hash: KeyedHash) -> Dossier:
    company = read_company(row)
    return Dossier(
        contact=None,
        company=company,
        titles=await _titles(connection, row["id"]),
        standings=await _standings(connection, company, keyed_hash),
        deliveries=await _rows(connection, _SENT, [row["id"]]),
        created_at=row["created_at"],
    )


async def _standings(connection: Connection, lead: Contact | Company, keyed_hash: KeyedHash) -> list[Standing]:
    noted = lead.extras.get(BOUGHT_AS, [])
    names = {*(noted if isinstance(noted, list) else [noted]), lead.provider_key, lead.linkedin_url}
    keys = [keyed_hash("fact", key).hex() for key in names if key]
    return [
        Standing(
            campaign=row["campaign"],
            state=row["lead_state"],
            scores=read_scores(row),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            spent=await _rows(connection, _SPENT, [row["campaign"], keys]),
        )
        for row in await _rows(connection, _STANDINGS, [lead.id])
    ]


async def _titles(connection: Connection, company_id: UUID | None) -> list[str]:
    return [row["title"] for row in await _rows(connection, _PEOPLE, [company_id]) if row["title"]]


async def _ids(connection: Connection, query: str | None, values: Row) -> list[UUID]:
    if query is None:
        return []
    return [row[0] for row in await (await connection.execute(query, values)).fetchall()]


async def _rows(connection: Connection, query: str, values: Sequence[Any]) -> list[Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()
